/* SPDX-License-Identifier: Apache-2.0 */
/* The heap: copies, edges of size, and the end for want of memory. */
#include "executor/base/mem.h"

#include "tests/tap.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void copies(void)
{
	_auto_free_ char *a = mem_strdup("abc");
	_auto_free_ char *b = mem_strndup("abcdef", 3);
	_auto_free_ char *c = mem_printf("%s-%d", "abc", 7);
	_auto_free_ char *d = mem_copy("a\0b", 3);
	_auto_free_ char *none = mem_strndup(NULL, 0);

	CHECK_STR(a, "abc");
	CHECK_STR(b, "abc");
	CHECK_STR(c, "abc-7");
	CHECK(memcmp(d, "a\0b", 3) == 0);
	CHECK_STR(none, "");
	CHECK(mem_strdup(NULL) == NULL);
}

static void nothing_is_something(void)
{
	_auto_free_ void *a = mem_zero(0, 8);
	_auto_free_ void *b = mem_resize(NULL, 0, 8);
	_auto_free_ void *c = mem_copy(NULL, 0);

	CHECK(a && b && c);
	b = mem_resize(b, 0, 0);
	CHECK(b != NULL);
	mem_free(NULL);
}

static void zeroes(void)
{
	_auto_free_ unsigned char *p = mem_zero(100, 3);
	unsigned sum = 0;

	for (int i = 0; i < 300; i++)
		sum += p[i];
	CHECK_INT(sum, 0);
}

static void take_leaves_null(void)
{
	char *a = mem_strdup("x");
	_auto_free_ char *b = mem_take(a);

	CHECK(a == NULL);
	CHECK_STR(b, "x");
}

static volatile size_t huge = SIZE_MAX / 2;

static void overflows(void)
{
	mem_free(mem_zero(huge, 4));
}

static void resize_overflows(void)
{
	mem_free(mem_resize(NULL, huge, 4));
}

static void strndup_overflows(void)
{
	mem_free(mem_strndup("x", huge * 2 + 1));
}

static void ends_with_a_word_and_abort(void)
{
	static void (*const cases[])(void) = {
		overflows,
		resize_overflows,
		strndup_overflows,
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct rlimit no_core = { 0, 0 };
		char said[64] = "";
		int ends[2], status = 0;
		pid_t pid;

		REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
		pid = fork();
		if (pid == 0) {
			setrlimit(RLIMIT_CORE, &no_core);
			dup2(ends[1], STDERR_FILENO);
			cases[i]();
			_exit(0);
		}
		close(ends[1]);
		CHECK(read(ends[0], said, sizeof(said) - 1) > 0);
		CHECK_INT(waitpid(pid, &status, 0), pid);
#ifndef __SANITIZE_ADDRESS__ /* whose allocator ends the process itself */
		CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
		CHECK_STR(said, "coop: out of memory\n");
#endif
		close(ends[0]);
	}
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(copies),
		TEST(nothing_is_something),
		TEST(zeroes),
		TEST(take_leaves_null),
		TEST(ends_with_a_word_and_abort),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
