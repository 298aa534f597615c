/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `coop`: one word, then a verb. A verb that is not in the table is a program
 * coop-VERB beside the broker or in PATH, as git does it.
 */
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/cmd/say.h"
#include "executor/cmd/verbs.h"
#include "executor/run/places.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct verb {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *about;
} verbs[] = {
	{ "run", cmd_run, "runs a program in a jail" },
	{ "exec", cmd_exec, "runs any command in a jail" },
	{ "plan", cmd_plan, "prints the jail that would be built" },
	{ "doctor", cmd_doctor, "says what this machine can enforce" },
	{ "languages", cmd_languages, "lists the languages" },
	{ "profiles", cmd_profiles, "lists the profiles" },
};

static int help(void)
{
	puts("usage: coop VERB [OPTION…] …\n\n"
	     "Runs code that you do not trust, in a jail, and reports what it "
	     "did.\n");
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		printf("  %-12s%s\n", verbs[i].name, verbs[i].about);
	puts("  team        runs a team of agents\n\n"
	     "`coop VERB --help` lists the options of a verb. Any other VERB "
	     "runs coop-VERB.");
	return 0;
}

static int unknown_verb(const char *name)
{
	const char *known[ARRAY_LEN(verbs) + 1] = { 0 };
	struct err err = { 0 };
	const char *near;

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		known[i] = verbs[i].name;
	near = str_nearest(name, known);
	err_set(&err, ERR_UNKNOWN,
		"\"%.64s\" is no verb, and there is no "
		"program coop-%.64s",
		name, name);
	err_try(&err, "coop %s", near ? near : "--help");
	return say_err(&err, false);
}

/* Becomes coop-VERB; returns only when there is none. */
static int run_external(int argc, char **argv)
{
	struct err err = { 0 };
	_auto_free_ char *libexec = places_libexec(NULL, &err);
	_auto_free_ char *name = mem_printf("coop-%s", argv[0]);
	_auto_free_ char *path = NULL;

	if (strchr(argv[0], '/'))
		return unknown_verb(argv[0]);
	argv[0] = name;
	if (libexec) {
		path = mem_printf("%s/%s", libexec, name);
		execv(path, argv);
	}
	execvp(name, argv);
	if (errno == ENOENT)
		return unknown_verb(name + strlen("coop-"));
	err_sys(&err, errno, "cannot run %s", name);
	return say_err(&err, false);
}

/* A closed 0, 1 or 2 would be given to the next file that is opened, and that
 * one then be read or written as if it were the caller's. */
static void hold_standard_streams(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "--help";

	hold_standard_streams();
	if (argc < 2) {
		help();
		return SAY_FAILED;
	}
	if (str_equal(verb, "--help") || str_equal(verb, "-h") ||
	    str_equal(verb, "help"))
		return help();
	if (str_equal(verb, "--version")) {
		printf("coop %s\n", coop_version());
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (str_equal(verbs[i].name, verb))
			return verbs[i].run(argc - 1, argv + 1);
	return run_external(argc - 1, argv + 1);
}
