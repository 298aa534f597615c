/* SPDX-License-Identifier: Apache-2.0 */
/* Profile's, language's, request's: later ones win, by whole names. */
#include "executor/run/environ.h"

#include "executor/base/mem.h"
#include "executor/profile/profile.h"
#include "tests/tap.h"

static void later_lists_win(void)
{
	struct profile *p = mem_new(struct profile);
	char *language[] = { (char *)"B=lang", (char *)"C=lang", NULL };
	char *request[] = { (char *)"C=req", (char *)"AA=req",
			    (char *)"D=", NULL };
	char **env;

	p->env[0] = mem_strdup("A=prof");
	p->env[1] = mem_strdup("B=prof");
	p->env_count = 2;
	env = environ_make(p, language, request);
	CHECK_STR(env[0], "A=prof");
	CHECK_STR(env[1], "B=lang");
	CHECK_STR(env[2], "C=req");
	CHECK_STR(env[3], "AA=req");
	CHECK_STR(env[4], "D=");
	CHECK(env[5] == NULL);
	environ_free(env);
	env = environ_make(p, NULL, NULL);
	CHECK(env[2] == NULL);
	environ_free(env);
	profile_destroy(p);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(later_lists_win),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
