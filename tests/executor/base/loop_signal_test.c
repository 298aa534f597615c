/* SPDX-License-Identifier: Apache-2.0 */
/* Signals on the event loop: they arrive, and are given back afterwards. */
#include "executor/base/loop.h"

#include "tests/tap.h"

#include <signal.h>
#include <string.h>

#define SOON deadline_in_ms(30000) /* what a test waits for comes at once */

/* One letter for each call, so that an order is a text. */
static char trace[64];

static void say(void *letter)
{
	size_t len = strlen(trace);

	if (len < sizeof(trace) - 1)
		trace[len] = *(const char *)letter;
}

static bool is_blocked(int signo)
{
	sigset_t now;

	pthread_sigmask(SIG_BLOCK, NULL, &now);
	return sigismember(&now, signo);
}

static void signals_come_on_the_loop(void)
{
	struct loop *l = loop_create(NULL);
	struct err err;

	REQUIRE(l != NULL);
	CHECK_INT(loop_signal(l, SIGUSR1, say, (void *)"1", &err), 0);
	CHECK_INT(loop_signal(l, SIGUSR2, say, (void *)"2", &err), 0);
	raise(SIGUSR1);
	raise(SIGUSR2);
	CHECK_INT(loop_step(l, SOON, &err), 0);
	CHECK_STR(trace, "12");
	CHECK_INT(loop_signal(l, SIGUSR1, say, (void *)"3", &err), 0);
	raise(SIGUSR1);
	CHECK_INT(loop_step(l, SOON, &err), 0);
	CHECK_STR(trace, "123");
	CHECK_INT(loop_signal(l, 0, say, NULL, &err), -ERR_INVALID);
	CHECK_INT(loop_signal(l, 99, say, NULL, &err), -ERR_INVALID);
	loop_destroy(l);
}

static void signals_are_given_back(void)
{
	struct loop *l = loop_create(NULL);
	sigset_t one;
	struct err err;

	REQUIRE(l != NULL);
	sigemptyset(&one);
	sigaddset(&one, SIGUSR2);
	sigprocmask(SIG_BLOCK, &one, NULL);
	CHECK_INT(loop_signal(l, SIGUSR1, say, (void *)"1", &err), 0);
	CHECK_INT(loop_signal(l, SIGUSR2, say, (void *)"2", &err), 0);
	CHECK_INT(loop_signal(l, SIGTERM, say, (void *)"3", &err), 0);
	CHECK(is_blocked(SIGUSR1) && is_blocked(SIGTERM));
	CHECK_INT(loop_signal(l, SIGUSR1, NULL, NULL, &err), 0);
	CHECK(!is_blocked(SIGUSR1));
	loop_destroy(l);
	CHECK(!is_blocked(SIGTERM));
	/* blocked before us, so blocked after us */
	CHECK(is_blocked(SIGUSR2));
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(signals_come_on_the_loop),
		TEST(signals_are_given_back),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
