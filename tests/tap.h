/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The test harness: every test is a function that runs in its own forked
 * process with a time limit; results come out as TAP. A test fails by a failed
 * CHECK, a signal, a non-zero exit, or its time limit (its process group is
 * then killed). Leaks under sanitizers fail the test that leaked.
 *
 *	static void adds(void) { CHECK(add(1, 2) == 3); }
 *	int main(int argc, char **argv)
 *	{
 *		static const struct tap_test tests[] = { TEST(adds), { 0 } };
 *		return tap_main(tests, argc, argv);
 *	}
 */
#include <stdbool.h>
#include <stddef.h>

struct tap_test {
	const char *name;
	void (*fn)(void);
	unsigned seconds; /* 0 = 60 */
};

#define TEST(f)                                                                \
	{                                                                      \
		.name = #f, .fn = f                                            \
	}
#define TEST_SLOW(f, s)                                                        \
	{                                                                      \
		.name = #f, .fn = f, .seconds = s                              \
	}

/* Runs all (or those whose names are given as arguments); main's result. */
int tap_main(const struct tap_test *tests, int argc, char **argv);

/* Records a failure with file:line and goes on; for a failure that makes the
 * rest senseless use REQUIRE, which ends the test. */
#define CHECK(cond) tap_check((cond), #cond, __FILE__, __LINE__)
#define REQUIRE(cond)                                                          \
	do {                                                                   \
		if (!tap_check((cond), #cond, __FILE__, __LINE__))             \
			tap_end();                                             \
	} while (0)
#define CHECK_STR(got, want)                                                   \
	tap_check_str((got), (want), #got, __FILE__, __LINE__)
#define CHECK_INT(got, want)                                                   \
	tap_check_int((long long)(got), (long long)(want), #got, __FILE__,     \
		      __LINE__)

/* What the macros above call; they return whether the check held. */
bool tap_check(bool ok, const char *what, const char *file, int line);
bool tap_check_str(const char *got, const char *want, const char *what,
		   const char *file, int line);
bool tap_check_int(long long got, long long want, const char *what,
		   const char *file, int line);

/* A diagnostic line ("# …"). */
void tap_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Ends this test as skipped. In CI (CI=true) a skip is a failure unless the
 * file's name stands in tests/allowed-skips. */
_Noreturn void tap_skip(const char *why);

/* Ends this test now, failed if a CHECK failed. */
_Noreturn void tap_end(void);

/*
 * `n` times COOP_TEST_SLOW (1 when not set), which says how much slower than
 * usual this machine is: an emulated one. For limits that a test gives to real
 * programs; the time limits of tests themselves are multiplied already.
 */
unsigned tap_slow(unsigned n);

/* Path of a file of the build tree, e.g. tap_build("bin/coop"), which is found
 * by COOP_BUILD or by the test program's place. Valid until the 4th call after
 * this one. */
const char *tap_build(const char *relative);
