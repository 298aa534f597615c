/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The harness: what must fail does fail. The cases run in a second process of
 * this program, which is told by TAP_TEST_INNER to run them instead.
 */
#include "tests/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- cases ---- */

static void holds(void)
{
	CHECK(true);
	CHECK_STR("a", "a");
	CHECK_INT(1, 1);
}

static void fails(void)
{
	CHECK(1 == 2);
}

static void fails_by_text(void)
{
	CHECK_STR("a", "b");
	CHECK_STR(NULL, "b");
}

static void ends_early(void)
{
	REQUIRE(false);
	_exit(0);
}

static void dies(void)
{
	raise(SIGKILL);
}

static void exits(void)
{
	_exit(3);
}

static void child_fails(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		CHECK(false);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void leaks(void)
{
	void *volatile p = malloc(100);

	memset(p, 0, 100);
	p = NULL;
}

static void skips(void)
{
	tap_skip("a reason");
}

/* Leaves a process that holds the pipe which the outer test reads. */
static void leaves_a_process(void)
{
	if (fork() == 0) {
		pause();
		_exit(0);
	}
}

static void hangs(void)
{
	leaves_a_process();
	pause();
}

static const struct tap_test inner[] = {
	TEST(holds),         TEST(fails),
	TEST(fails_by_text), TEST(ends_early),
	TEST(dies),          TEST(exits),
	TEST(child_fails),   TEST(leaks),
	TEST(skips),         TEST(leaves_a_process),
	TEST_SLOW(hangs, 1), { 0 },
};

/* ---- running them ---- */

/* Both outputs of the inner program, to their end; returns its exit status. */
static int run_inner(const char *name, const char *ci, char *out, size_t size)
{
	size_t len = 0;
	int ends[2], status;
	ssize_t n;
	pid_t pid;

	REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
	pid = fork();
	if (pid == 0) {
		setenv("TAP_TEST_INNER", "1", 1);
		setenv("CI", ci, 1);
		dup2(ends[1], STDOUT_FILENO);
		dup2(ends[1], STDERR_FILENO);
		execl("/proc/self/exe", "tap_test", name, NULL);
		_exit(127);
	}
	close(ends[1]);
	while ((n = read(ends[0], out + len, size - 1 - len)) > 0)
		len += (size_t)n;
	out[len] = '\0';
	close(ends[0]);
	REQUIRE(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void check_inner(const char *name, const char *ci, int status,
			const char *said)
{
	char out[16384];

	CHECK_INT(run_inner(name, ci, out, sizeof(out)), status);
	if (!CHECK(strstr(out, said) != NULL))
		fprintf(stderr, "# %s: no \"%s\" in:\n# %s\n", name, said, out);
	CHECK(strstr(out, "TAP version 13\n1..1\n") == out);
}

static void what_must_fail_fails(void)
{
	check_inner("holds", "", 0, "\nok 1 - holds\n");
	check_inner("fails", "", 1, "\nnot ok 1 - fails\n");
	check_inner("fails", "", 1, "tests/tap_test.c:");
	check_inner("fails_by_text", "", 1, "#   want: \"b\"\n");
	check_inner("ends_early", "", 1, "\nnot ok 1");
	check_inner("dies", "", 1, "# died by signal 9");
	check_inner("exits", "", 1, "# exit status 3");
	check_inner("child_fails", "", 1, "\nnot ok 1");
#ifdef __SANITIZE_ADDRESS__
	check_inner("leaks", "", 1, "\nnot ok 1");
#endif
}

static void a_skip_fails_in_ci(void)
{
	check_inner("skips", "", 0, "\nok 1 - skips # SKIP a reason\n");
	check_inner("skips", "true", 1, "\nnot ok 1");
}

/* Both would not return if the harness left the process that holds the pipe. */
static void nothing_is_left(void)
{
	check_inner("leaves_a_process", "", 0, "\nok 1");
	unsetenv("COOP_TEST_SLOW");
	check_inner("hangs", "", 1, "# timed out after 1 s");
}

static void a_slow_machine_has_more_time(void)
{
	setenv("COOP_TEST_SLOW", "2", 1);
	check_inner("hangs", "", 1, "# timed out after 2 s");
	CHECK_INT(tap_slow(300), 600);
	setenv("COOP_TEST_SLOW", "-1", 1);
	CHECK_INT(tap_slow(300), 300);
}

static void an_unknown_name_bails_out(void)
{
	char out[4096];

	CHECK_INT(run_inner("no_such_test", "", out, sizeof(out)), 1);
	CHECK(strstr(out, "Bail out!") != NULL);
}

static void knows_the_build_tree(void)
{
	const char *path = tap_build("bin/coop");
	size_t len = strlen(path);

	CHECK(path[0] == '/');
	CHECK(len > 9 && strcmp(path + len - 9, "/bin/coop") == 0);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(what_must_fail_fails),
		TEST(a_skip_fails_in_ci),
		TEST(nothing_is_left),
		TEST(an_unknown_name_bails_out),
		TEST(knows_the_build_tree),
		TEST(a_slow_machine_has_more_time),
		{ 0 },
	};

	return tap_main(getenv("TAP_TEST_INNER") ? inner : tests, argc, argv);
}
