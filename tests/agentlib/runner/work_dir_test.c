/* SPDX-License-Identifier: Apache-2.0 */
/* Which folders of the host a team file may name. */
#include "agentlib/runner/work_dir.h"

#include "executor/base/mem.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* %s is the current folder: a new one outside of /tmp. */
static const struct row {
	const char *dir;
	bool allowed;
} rows[] = {
	{ ".", true },
	{ "coding", true },
	{ "coding/not/there/yet", true },
	{ "%s", true },
	{ "%s/coding", true },
	{ "/tmp/coop-not-there", true },
	{ "/", false },
	{ "/etc", false },
	{ "/etc/not-there", false },
	{ "/tmp", false },
	{ "..", false },
	{ "../beside", false },
	{ "coding/../../beside", false },
	{ "not-there/../../beside", false },
	{ "%s-beside", false },
	{ "to-etc", false },
	{ "to-etc/not-there", false },
	{ "", false },
};

static void begin(char here[])
{
	REQUIRE(mkdtemp(here) && chdir(here) == 0);
	REQUIRE(mkdir("coding", 0700) == 0);
	REQUIRE(symlink("/etc", "to-etc") == 0);
	unsetenv("TMPDIR");
}

static void end(const char *here)
{
	unlink("to-etc");
	rmdir("coding");
	CHECK(chdir("/") == 0 && rmdir(here) == 0);
}

static const char *expand(const char *dir, const char *here, char **owned)
{
	if (dir[0] != '%')
		return dir;
	*owned = mem_printf("%s%s", here, dir + 2);
	return *owned;
}

static void folders(void)
{
	char here[] = "/var/tmp/coop-work-dir-XXXXXX";

	begin(here);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		_auto_free_ char *owned = NULL;
		const char *dir = expand(rows[i].dir, here, &owned);

		if (work_dir_allowed(dir) != rows[i].allowed)
			tap_note("wrong: %s", dir);
		CHECK(work_dir_allowed(dir) == rows[i].allowed);
	}
	end(here);
}

static void home_is_never_allowed(void)
{
	char here[] = "/var/tmp/coop-work-dir-XXXXXX";

	begin(here);
	setenv("HOME", here, 1);
	CHECK(!work_dir_allowed("."));
	CHECK(work_dir_allowed("coding"));
	end(here);
}

static void beneath_tmpdir(void)
{
	char here[] = "/var/tmp/coop-work-dir-XXXXXX";

	begin(here);
	setenv("TMPDIR", here, 1);
	REQUIRE(chdir("/usr") == 0);
	_auto_free_ char *below = mem_printf("%s/coding", here);
	CHECK(work_dir_allowed(below));
	CHECK(!work_dir_allowed(here));
	REQUIRE(chdir(here) == 0);
	end(here);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(folders),
		TEST(home_is_never_allowed),
		TEST(beneath_tmpdir),
		{ 0 },
	};
	return tap_main(tests, argc, argv);
}
