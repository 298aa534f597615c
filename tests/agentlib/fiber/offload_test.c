/* SPDX-License-Identifier: Apache-2.0 */
/* Helper threads: results, how many, and what cancel means for them. */
#include "agentlib/fiber/offload.h"
#include "tests/agentlib/fiber/rig.h"
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>

struct job {
	pthread_t thread;
	int rc;
	bool ran;
};

static int plain(void *arg, struct err *err)
{
	struct job *j = arg;
	struct wait w;
	sigset_t mask;

	j->thread = pthread_self();
	j->ran = true;
	/* it is no fiber, whoever waits for it */
	CHECK(fiber_self() == NULL);
	wait_init(&w, "nothing");
	CHECK_INT(fiber_wait(&w, DEADLINE_NEVER, err), -ERR_REENTRANT);
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	CHECK(sigismember(&mask, SIGINT) == 1);
	CHECK(sigismember(&mask, SIGCHLD) == 1);
	if (j->rc < 0)
		return err_set(err, ERR_NOT_FOUND, "no such host");
	return j->rc;
}

static int results_body(void *arg, struct err *err)
{
	struct job good = { .rc = 42 }, bad = { .rc = -1 };

	CHECK_INT(fiber_offload("a job", plain, &good, err), 42);
	CHECK(good.ran);
	CHECK(!pthread_equal(good.thread, pthread_self()));
	CHECK_INT(fiber_offload("a job", plain, &bad, err), -ERR_NOT_FOUND);
	CHECK_STR(err->text, "no such host");
	CHECK_INT(fiber_offload("a job", plain, &bad, NULL), -ERR_NOT_FOUND);
	return 0;
}

static void results_come_back(void)
{
	CHECK_INT(rig_run(false, results_body, NULL), 0);
}

static void outside_of_fibers(void)
{
	struct job j = { .rc = 0 };
	struct err err;

	CHECK_INT(fiber_offload("a job", plain, &j, &err), -ERR_REENTRANT);
	CHECK(!j.ran);
}

/* ---- blocking jobs ---- */

#define JOBS 9

struct hall {
	sem_t enter, leave; /* a job posts the one, waits for the other */
	int inside, most, done;
};

static int block(void *arg, struct err *err)
{
	struct hall *h = arg;
	int now = __atomic_add_fetch(&h->inside, 1, __ATOMIC_SEQ_CST);
	int most = __atomic_load_n(&h->most, __ATOMIC_SEQ_CST);

	while (now > most &&
	       !__atomic_compare_exchange_n(&h->most, &most, now, false,
					    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		;
	sem_post(&h->enter);
	while (sem_wait(&h->leave) < 0)
		;
	__atomic_sub_fetch(&h->inside, 1, __ATOMIC_SEQ_CST);
	return 0;
}

static void offload_block(void *arg)
{
	struct hall *h = arg;

	CHECK_INT(fiber_offload("a blocking job", block, h, NULL), 0);
	h->done++;
}

static int hall_body(void *arg, struct err *err)
{
	struct hall *h = arg;
	struct group *g = rig_group();

	for (int i = 0; i < JOBS; i++)
		rig_spawn(g, "visitor", offload_block, h);
	fiber_yield();
	/* four are in, and fibers still run */
	for (int i = 0; i < 4; i++)
		while (sem_wait(&h->enter) < 0)
			;
	for (int i = 0; i < 3; i++)
		fiber_sleep(1, NULL);
	CHECK_INT(__atomic_load_n(&h->inside, __ATOMIC_SEQ_CST), 4);
	CHECK_INT(h->done, 0);
	for (int i = 0; i < JOBS; i++)
		sem_post(&h->leave);
	CHECK_INT(group_wait(g, err), 0);
	CHECK_INT(h->done, JOBS);
	CHECK_INT(h->most, 4);
	group_destroy(g);
	return 0;
}

static void at_most_four_threads(void)
{
	struct hall h = { .inside = 0 };

	sem_init(&h.enter, 0, 0);
	sem_init(&h.leave, 0, 0);
	CHECK_INT(rig_run(false, hall_body, &h), 0);
}

static void touch_five(void *arg)
{
	struct job *j = arg;

	j->rc = fiber_offload("a job too many", plain, j, NULL);
}

/* Four are begun and must be awaited; the fifth has not begun and goes. */
static int cancel_body(void *arg, struct err *err)
{
	struct hall *h = arg;
	struct group *g = rig_group();
	struct job fifth = { .rc = 0 };

	for (int i = 0; i < 4; i++)
		rig_spawn(g, "visitor", offload_block, h);
	fiber_yield();
	for (int i = 0; i < 4; i++)
		while (sem_wait(&h->enter) < 0)
			;
	rig_spawn(g, "fifth", touch_five, &fifth);
	fiber_yield();
	scope_cancel(group_scope(g), "stop");
	fiber_sleep(1, NULL);
	fiber_sleep(1, NULL);
	CHECK_INT(fifth.rc, -ERR_CANCELLED);
	CHECK(!fifth.ran);
	CHECK_INT(h->done, 0);
	CHECK_INT(engine_fibers(fiber_engine()), 5);
	for (int i = 0; i < 4; i++)
		sem_post(&h->leave);
	CHECK_INT(group_wait(g, err), 0);
	CHECK_INT(h->done, 4);
	group_destroy(g);
	return 0;
}

static void cancel_waits_for_what_has_begun(void)
{
	struct hall h = { .inside = 0 };

	sem_init(&h.enter, 0, 0);
	sem_init(&h.leave, 0, 0);
	CHECK_INT(rig_run(false, cancel_body, &h), 0);
}

/* ---- virtual clock ---- */

static void sleep_an_hour(void *arg)
{
	fiber_sleep(3600000, NULL);
}

static int virtual_body(void *arg, struct err *err)
{
	struct group *g = rig_group();
	struct job j = { .rc = 0 };
	uint64_t from = rig_now();

	rig_spawn(g, "sleeper", sleep_an_hour, NULL);
	CHECK_INT(fiber_offload("a job", plain, &j, err), 0);
	CHECK_INT(rig_ms(from), 0);
	CHECK_INT(group_wait(g, err), 0);
	CHECK_INT(rig_ms(from), 3600000);
	group_destroy(g);
	return 0;
}

static void the_virtual_clock_lets_threads_work(void)
{
	CHECK_INT(rig_run(true, virtual_body, NULL), 0);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(results_come_back),
		TEST(outside_of_fibers),
		TEST(at_most_four_threads),
		TEST(cancel_waits_for_what_has_begun),
		TEST(the_virtual_clock_lets_threads_work),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
