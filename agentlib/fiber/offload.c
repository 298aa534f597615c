/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Helper threads of one engine. A job lies on the stack of the fiber that waits
 * for it; the threads see it through the queue's lock only, and hand it back
 * through loop_post().
 */
#include "agentlib/fiber/offload.h"
#include "agentlib/fiber/fiber.h"
#include "agentlib/fiber/sched.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include <pthread.h>
#include <signal.h>
#include <string.h>

#define OFFLOAD_THREADS 4

struct offload_job {
	struct offload_job *next;
	struct engine *engine;
	offload_fn *fn;
	void *arg;
	struct err *err;
	int rc;
	struct wait wait;
};

struct offload {
	struct loop *loop;
	pthread_mutex_t lock;
	pthread_cond_t work;
	struct offload_job *first, **last; /* not begun */
	unsigned queued, idle, count;
	bool stop;
	pthread_t threads[OFFLOAD_THREADS];
};

static void offload_done(void *arg)
{
	struct offload_job *j = arg;

	j->engine->offloads--;
	wait_wake(&j->wait);
}

/* The next job, waiting for one; NULL when the engine ends. Locked. */
static struct offload_job *offload_next(struct offload *o)
{
	struct offload_job *j;

	o->idle++;
	while (!o->first && !o->stop)
		pthread_cond_wait(&o->work, &o->lock);
	o->idle--;
	j = o->first;
	if (!j)
		return NULL;
	o->first = j->next;
	if (!o->first)
		o->last = &o->first;
	o->queued--;
	return j;
}

static void *offload_thread(void *arg)
{
	struct offload *o = arg;
	struct offload_job *j;

	pthread_mutex_lock(&o->lock);
	while ((j = offload_next(o))) {
		pthread_mutex_unlock(&o->lock);
		j->rc = j->fn(j->arg, j->err);
		/* After this the job may be gone with its stack. */
		loop_post(o->loop, offload_done, j);
		pthread_mutex_lock(&o->lock);
	}
	pthread_mutex_unlock(&o->lock);
	return NULL;
}

/* One thread more, deaf to signals: those are the program's. Locked. */
static int offload_start(struct offload *o)
{
	sigset_t all, before;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(&o->threads[o->count], NULL, offload_thread, o);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (rc == 0)
		o->count++;
	return rc;
}

static struct offload *offload_of(struct engine *e)
{
	struct offload *o = e->offload;

	if (o)
		return o;
	o = mem_new(struct offload);
	o->loop = e->loop;
	o->last = &o->first;
	pthread_mutex_init(&o->lock, NULL);
	pthread_cond_init(&o->work, NULL);
	e->offload = o;
	return o;
}

static int offload_push(struct offload *o, struct offload_job *j,
			struct err *err)
{
	int rc = 0;

	pthread_mutex_lock(&o->lock);
	if (o->queued >= o->idle && o->count < OFFLOAD_THREADS)
		rc = offload_start(o);
	if (o->count > 0) {
		rc = 0;
		*o->last = j;
		o->last = &j->next;
		o->queued++;
		pthread_cond_signal(&o->work);
	}
	pthread_mutex_unlock(&o->lock);
	if (rc == 0)
		return 0;
	return err_set(err, ERR_UNAVAILABLE, "no helper thread: %s",
		       strerror(rc));
}

/* Takes a job back that no thread has begun. */
static bool offload_withdraw(struct offload *o, struct offload_job *j)
{
	struct offload_job **at;
	bool found;

	pthread_mutex_lock(&o->lock);
	for (at = &o->first; *at && *at != j;)
		at = &(*at)->next;
	found = *at != NULL;
	if (found) {
		*at = j->next;
		if (!*at)
			o->last = at;
		o->queued--;
	}
	pthread_mutex_unlock(&o->lock);
	return found;
}

int fiber_offload(const char *name, offload_fn *fn, void *arg, struct err *err)
{
	struct engine *e = fiber_engine();
	struct offload_job j = { .engine = e, .fn = fn, .arg = arg };
	struct err result = { 0 };
	struct err why;
	int rc;

	if (!e)
		return err_set(err, ERR_REENTRANT,
			       "%s: no helper thread outside of a fiber", name);
	if ((rc = fiber_check(err)) < 0)
		return rc;
	j.err = &result;
	wait_init(&j.wait, name);
	if ((rc = offload_push(offload_of(e), &j, err)) < 0)
		return rc;
	e->offloads++;
	rc = fiber_wait(&j.wait, DEADLINE_NEVER, &why);
	if (rc < 0 && offload_withdraw(e->offload, &j)) {
		e->offloads--;
		return err_set(err, why.code, "%s", why.text);
	}
	if (rc < 0)
		fiber_await(&j.wait, NULL);
	if (j.rc < 0 && err)
		*err = result;
	return j.rc;
}

void offload_stop(struct engine *e)
{
	struct offload *o = e->offload;
	unsigned i;

	if (!o)
		return;
	pthread_mutex_lock(&o->lock);
	o->stop = true;
	pthread_cond_broadcast(&o->work);
	pthread_mutex_unlock(&o->lock);
	for (i = 0; i < o->count; i++)
		pthread_join(o->threads[i], NULL);
	pthread_cond_destroy(&o->work);
	pthread_mutex_destroy(&o->lock);
	mem_free(o);
	e->offload = NULL;
}
