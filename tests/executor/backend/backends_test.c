/* SPDX-License-Identifier: Apache-2.0 */
/* The table of backends. */
#include "executor/backend/backends.h"

#include "tests/tap.h"

#include <string.h>

static void found_by_name(void)
{
	struct err err = { 0 };

	CHECK(backends_find("jail", &err) == backends[0]);
	CHECK(backends_find(NULL, &err) == backends[0]);
}

static void an_unknown_name_names_the_known(void)
{
	struct err err = { 0 };

	CHECK(backends_find("docker", &err) == NULL);
	CHECK_INT(err.code, ERR_UNKNOWN);
	CHECK_STR(err.field, "backend");
	CHECK(strstr(err.remedy, "jail") != NULL);
	CHECK(backends_find("", &err) == NULL);
	CHECK(backends_find("JAIL", &err) == NULL);
}

/* run/ calls them without looking. */
static void every_backend_is_whole(void)
{
	for (size_t i = 0; backends[i]; i++) {
		const struct backend *b = backends[i];

		CHECK(b->name && b->summary && b->open && b->close && b->plan);
		CHECK(b->make && b->end && b->start && b->kill);
		CHECK(b->file_open && b->file_list && b->file_mkdir &&
		      b->file_remove);
	}
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(found_by_name),
		TEST(an_unknown_name_names_the_known),
		TEST(every_backend_is_whole),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
