/* SPDX-License-Identifier: Apache-2.0 */
/* Guards that kill, reuse, limits. A touch of a guard happens in a child. */
#include "agentlib/fiber/stack.h"
#include "tests/agentlib/fiber/rig.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* The signal that ended a child that ran fn(arg); 0 when it came back. */
static int signal_of(void (*fn)(void *arg), void *arg)
{
	struct rlimit none = { 0, 0 };
	int status = 0;
	pid_t pid = fork();

	REQUIRE(pid >= 0);
	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &none);
		signal(SIGSEGV, SIG_DFL);
		signal(SIGBUS, SIG_DFL);
		fn(arg);
		_exit(0);
	}
	REQUIRE(waitpid(pid, &status, 0) == pid);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void touch(void *arg)
{
	*(volatile char *)arg = 1;
}

struct guard_case {
	const char *name;
	long offset; /* from the lowest usable byte */
	int signal;
};

static void check_guard(bool split)
{
	static const struct guard_case cases[] = {
		{ "lowest byte", 0, 0 },
		{ "one below", -1, SIGSEGV },
		{ "a page below", -4096, SIGSEGV },
		{ "a large frame below", -61000, SIGSEGV },
		{ "end of the guard", -65536, SIGSEGV },
	};
	struct stack_pool p;
	struct stack above, s;

	stack_pool_init(&p, 65536, 10);
	p.split_guard = split;
	REQUIRE(stack_take(&p, &above, NULL) == 0);
	REQUIRE(stack_take(&p, &s, NULL) == 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		tap_note("%s", cases[i].name);
		CHECK_INT(signal_of(touch, s.low + cases[i].offset),
			  cases[i].signal);
		CHECK_INT(signal_of(touch, above.low + cases[i].offset),
			  cases[i].signal);
	}
	CHECK_INT(signal_of(touch, s.low + s.size - 1), 0);
	stack_give(&p, s);
	stack_give(&p, above);
	stack_pool_finish(&p);
}

static void guards_kill(void)
{
	check_guard(false);
}

static void guards_of_older_kernels_kill(void)
{
	check_guard(true);
}

static int __attribute__((noinline)) deeper(int n)
{
	volatile char frame[1000];

	frame[n % 1000] = (char)n;
	return n > 1000000 ? 0 : deeper(n + 1) + frame[n % 1000];
}

static int overflow_body(void *arg, struct err *err)
{
	return deeper(0);
}

static void overflow(void *arg)
{
	rig_run(true, overflow_body, NULL);
}

static void endless_recursion_dies(void)
{
	CHECK_INT(signal_of(overflow, NULL), SIGSEGV);
}

static int __attribute__((noinline)) use(char *p, size_t size)
{
	memset(p, 1, size);
	return p[size - 1];
}

static int __attribute__((noinline)) deep(int n)
{
	char frame[4000];
	int got = use(frame, sizeof(frame));

	return n > 1 ? got + deep(n - 1) : got;
}

/* 160 KB of plain frames fit, under sanitizers too. */
static int deep_body(void *arg, struct err *err)
{
	return deep(40);
}

static void deep_calls_fit(void)
{
	CHECK_INT(rig_run(true, deep_body, NULL), 40);
}

static void ended_ones_are_reused(void)
{
	struct stack_pool p;
	struct stack a, b, c;
	struct err err;

	stack_pool_init(&p, 100000, 2);
	CHECK_INT(p.size % 4096, 0);
	CHECK(p.size >= 100000);
	REQUIRE(stack_take(&p, &a, NULL) == 0);
	REQUIRE(stack_take(&p, &b, NULL) == 0);
	CHECK_INT(stack_take(&p, &c, &err), -ERR_TOO_LARGE);
	stack_give(&p, a);
	REQUIRE(stack_take(&p, &c, NULL) == 0);
	CHECK(c.low == a.low);
	stack_give(&p, b);
	stack_give(&p, c);
	CHECK_INT(p.taken, 0);
	CHECK_INT(p.kept, 2);
	stack_pool_finish(&p);
}

#define CROWD 600

static void not_all_are_kept(void)
{
	static struct stack s[CROWD];
	struct stack_pool p;

	stack_pool_init(&p, 0, CROWD);
	for (int i = 0; i < CROWD; i++)
		REQUIRE(stack_take(&p, &s[i], NULL) == 0);
	for (int i = 0; i < CROWD; i++)
		stack_give(&p, s[i]);
	CHECK(p.kept < CROWD / 2);
	CHECK(p.kept > 0);
	stack_pool_finish(&p);
}

/* What only a parked fiber points at is not leaked: with LeakSanitizer this
 * test fails if it does not know the stack. */
static void hold(void *arg)
{
	char *volatile held = malloc(100);

	held[0] = 1;
	fiber_sleep(3600000, NULL);
	free(held);
}

static void parked_fibers_hold_memory(void)
{
	static struct engine *e;
	static struct group *g;

	e = engine_create(NULL, NULL);
	g = group_create(e, NULL);
	for (int i = 0; i < 10; i++)
		rig_spawn(g, "hold", hold, NULL);
	CHECK_INT(engine_step(e, (struct deadline){ 0 }, NULL), 0);
	CHECK_INT(engine_fibers(e), 10);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(guards_kill),
		TEST(guards_of_older_kernels_kill),
		TEST(endless_recursion_dies),
		TEST(deep_calls_fit),
		TEST(ended_ones_are_reused),
		TEST(not_all_are_kept),
		TEST(parked_fibers_hold_memory),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
