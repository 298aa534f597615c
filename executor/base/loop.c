/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass of the event loop and what it owns: an epoll that also holds a
 * timerfd for the next timer (loop_heap.c) and the eventfd of deferred calls
 * (loop_calls.c), so that the epoll descriptor alone tells an outer loop when
 * to step. Has no threads, no fibers and no idea what its callbacks do.
 */
#include "executor/base/loop.h"

#include "executor/base/fd.h"
#include "executor/base/loop_calls.h"
#include "executor/base/loop_heap.h"
#include "executor/base/mem.h"

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define BATCH 64
#define SIGNALS 65

struct loop_fd {
	struct loop *loop;
	struct loop_fd *prev, *next;
	int fd;
	uint32_t events; /* 0 while paused */
	bool removed;    /* waits for the end of the pass to be freed */
	loop_fd_fn *fn;
	void *arg;
};

struct loop {
	int epoll, timer, signals;
	bool running;
	struct loop_fd watches; /* head of a ring */
	struct loop_fd *removed;
	struct loop_heap heap;
	uint64_t armed_ns; /* what the timerfd is set to; UINT64_MAX: nothing */
	struct loop_calls calls;
	struct loop_call handlers[SIGNALS];
	sigset_t handled, blocked_before;
};

/* The loop's own descriptors are told from watches by their address in it. */
static int add_internal(struct loop *l, int *fd, const char *what,
			struct err *err)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = fd };

	if (*fd < 0 || epoll_ctl(l->epoll, EPOLL_CTL_ADD, *fd, &ev) < 0)
		return err_sys(err, errno, "event loop: cannot make %s", what);
	return 0;
}

static int open_descriptors(struct loop *l, struct err *err)
{
	int rc;

	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (l->epoll < 0)
		return err_sys(err, errno, "event loop: cannot make an epoll");
	l->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	rc = add_internal(l, &l->timer, "a timerfd", err);
	if (rc < 0)
		return rc;
	return add_internal(l, &l->calls.wake, "an eventfd", err);
}

struct loop *loop_create(struct err *err)
{
	struct loop *l = mem_new(struct loop);

	l->epoll = l->timer = l->signals = -1;
	l->watches.prev = l->watches.next = &l->watches;
	l->armed_ns = UINT64_MAX;
	sigemptyset(&l->handled);
	sigemptyset(&l->blocked_before);
	if (loop_calls_init(&l->calls, err) < 0 ||
	    open_descriptors(l, err) < 0) {
		loop_destroy(l);
		return NULL;
	}
	return l;
}

static void free_removed(struct loop *l)
{
	while (l->removed) {
		struct loop_fd *w = l->removed;

		l->removed = w->next;
		mem_free(w);
	}
}

void loop_destroy(struct loop *l)
{
	if (!l)
		return;
	for (int signo = 1; signo < SIGNALS; signo++)
		if (l->handlers[signo].fn)
			loop_signal(l, signo, NULL, NULL, NULL);
	while (l->watches.next != &l->watches)
		loop_unwatch(l->watches.next);
	free_removed(l);
	loop_heap_finish(&l->heap);
	loop_calls_finish(&l->calls);
	fd_close(&l->signals);
	fd_close(&l->timer);
	fd_close(&l->epoll);
	mem_free(l);
}

int loop_pollfd(const struct loop *l)
{
	return l->epoll;
}

bool loop_running(const struct loop *l)
{
	return l->running;
}

/* ---- descriptors ---- */

/*
 * A paused watch stays in the set, edge-triggered: epoll reports a hang-up
 * even to those who ask for nothing, and level-triggered that would spin.
 */
static struct epoll_event wanted(struct loop_fd *w)
{
	return (struct epoll_event){ .events = w->events ? w->events : EPOLLET,
				     .data.ptr = w };
}

struct loop_fd *loop_watch(struct loop *l, int fd, uint32_t events,
			   loop_fd_fn *fn, void *arg, struct err *err)
{
	struct loop_fd *w = mem_new(struct loop_fd);
	struct epoll_event ev;

	w->loop = l;
	w->fd = fd;
	w->events = events;
	w->fn = fn;
	w->arg = arg;
	ev = wanted(w);
	if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &ev) < 0) {
		mem_free(w);
		err_sys(err, errno, "cannot watch descriptor %d", fd);
		return NULL;
	}
	w->next = &l->watches;
	w->prev = l->watches.prev;
	w->prev->next = w->next->prev = w;
	return w;
}

void loop_watch_set(struct loop_fd *w, uint32_t events)
{
	struct epoll_event ev;

	if (w->events == events)
		return;
	w->events = events;
	ev = wanted(w);
	epoll_ctl(w->loop->epoll, EPOLL_CTL_MOD, w->fd, &ev);
}

void loop_unwatch(struct loop_fd *w)
{
	struct loop *l;

	if (!w || w->removed)
		return;
	l = w->loop;
	epoll_ctl(l->epoll, EPOLL_CTL_DEL, w->fd, NULL);
	w->prev->next = w->next;
	w->next->prev = w->prev;
	w->removed = true;
	/* an event of it may lie in the batch that is being worked off */
	w->next = l->removed;
	l->removed = w;
	if (!l->running)
		free_removed(l);
}

/* ---- timers ---- */

/*
 * The timerfd is set only to come earlier. One that comes too early, because
 * its timer was stopped, costs a pass; setting it back would cost every
 * request with a deadline two system calls.
 */
static void arm(struct loop *l)
{
	uint64_t at = loop_next(l).at_ns;
	struct itimerspec when = { 0 };

	if (at >= l->armed_ns)
		return;
	l->armed_ns = at;
	if (!at)
		at = 1; /* zero would switch it off */
	when.it_value.tv_sec = (time_t)(at / CLOCK_S);
	when.it_value.tv_nsec = (long)(at % CLOCK_S);
	timerfd_settime(l->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

struct loop_timer *loop_at(struct loop *l, struct deadline d, loop_fn *fn,
			   void *arg)
{
	struct loop_timer *t = loop_heap_add(&l->heap, d, fn, arg);

	if (!l->running)
		arm(l);
	return t;
}

void loop_timer_cancel(struct loop_timer *t)
{
	loop_heap_remove(t);
}

struct deadline loop_next(const struct loop *l)
{
	return loop_heap_next(&l->heap);
}

/* Only what was there before: a timer that sets itself anew starves nobody. */
static void run_timers(struct loop *l)
{
	uint64_t now = clock_now_ns();
	uint64_t before = l->heap.sequence;
	struct loop_call c;

	while (loop_heap_take(&l->heap, now, before, &c.fn, &c.arg))
		c.fn(c.arg);
}

/* ---- deferred calls ---- */

void loop_post(struct loop *l, loop_fn *fn, void *arg)
{
	loop_calls_add(&l->calls, fn, arg);
}

void loop_defer(struct loop *l, loop_fn *fn, void *arg)
{
	loop_calls_add(&l->calls, fn, arg);
}

/* ---- signals ---- */

static void on_signals(void *arg, uint32_t events)
{
	struct loop *l = arg;
	struct signalfd_siginfo info;

	while (read(l->signals, &info, sizeof(info)) == sizeof(info)) {
		struct loop_call c = { NULL, NULL };

		if (info.ssi_signo < SIGNALS)
			c = l->handlers[info.ssi_signo];
		if (c.fn)
			c.fn(c.arg);
	}
}

static void signal_restore(struct loop *l, int signo)
{
	sigset_t one;

	l->handlers[signo] = (struct loop_call){ NULL, NULL };
	sigdelset(&l->handled, signo);
	if (l->signals >= 0)
		signalfd(l->signals, &l->handled, 0);
	sigemptyset(&one);
	sigaddset(&one, signo);
	if (!sigismember(&l->blocked_before, signo))
		pthread_sigmask(SIG_UNBLOCK, &one, NULL);
}

static int signal_block(struct loop *l, int signo, struct err *err)
{
	sigset_t one, before;
	int fd, rc;

	sigemptyset(&one);
	sigaddset(&one, signo);
	rc = pthread_sigmask(SIG_BLOCK, &one, &before);
	if (rc)
		return err_sys(err, rc, "cannot block signal %d", signo);
	if (sigismember(&before, signo))
		sigaddset(&l->blocked_before, signo);
	else
		sigdelset(&l->blocked_before, signo);
	sigaddset(&l->handled, signo);
	fd = signalfd(l->signals, &l->handled, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0) {
		rc = err_sys(err, errno, "cannot make a signalfd");
		signal_restore(l, signo);
		return rc;
	}
	if (l->signals >= 0)
		return 0;
	l->signals = fd;
	if (loop_watch(l, fd, EPOLLIN, on_signals, l, err))
		return 0;
	fd_close(&l->signals);
	signal_restore(l, signo);
	return -ERR_SYSTEM;
}

int loop_signal(struct loop *l, int signo, loop_fn *fn, void *arg,
		struct err *err)
{
	int rc = 0;

	if (signo < 1 || signo >= SIGNALS)
		return err_set(err, ERR_INVALID, "there is no signal %d",
			       signo);
	if (!fn) {
		if (l->handlers[signo].fn)
			signal_restore(l, signo);
		return 0;
	}
	if (!l->handlers[signo].fn)
		rc = signal_block(l, signo, err);
	if (rc == 0)
		l->handlers[signo] = (struct loop_call){ fn, arg };
	return rc;
}

/* ---- passes ---- */

static void run_watch(struct loop_fd *w, uint32_t events)
{
	/* a callback before this one may have paused or removed it */
	if (w->removed || !w->events)
		return;
	events &= w->events | EPOLLERR | EPOLLHUP;
	if (events)
		w->fn(w->arg, events);
}

static void run_events(struct loop *l, struct epoll_event *ev, int count)
{
	for (int i = 0; i < count; i++) {
		void *tag = ev[i].data.ptr;

		if (tag == &l->timer) {
			uint64_t times;
			ssize_t ignored = read(l->timer, &times, sizeof(times));

			(void)ignored;
			l->armed_ns = UINT64_MAX;
		} else if (tag != &l->calls.wake) {
			run_watch(tag, ev[i].events);
		}
	}
}

static int wait_and_run(struct loop *l, struct deadline d, struct err *err)
{
	struct epoll_event ev[BATCH];
	int count;

	arm(l);
	count = epoll_wait(l->epoll, ev, BATCH, deadline_poll_ms(d));
	if (count < 0 && errno != EINTR)
		return err_sys(err, errno, "event loop: epoll_wait");
	/* first what has arrived, then what is too late */
	run_events(l, ev, count < 0 ? 0 : count);
	run_timers(l);
	return 0;
}

int loop_step(struct loop *l, struct deadline d, struct err *err)
{
	int rc;

	if (l->running)
		return err_set(err, ERR_REENTRANT,
			       "the event loop is called from its own callback");
	l->running = true;
	/* what the caller waits for may have come with the calls */
	if (loop_calls_run(&l->calls))
		d.at_ns = 0;
	rc = wait_and_run(l, d, err);
	l->running = false;
	free_removed(l);
	arm(l);
	return rc;
}

int loop_until(struct loop *l, const bool *flag, struct deadline d,
	       struct err *err)
{
	while (!*flag) {
		int rc;

		if (deadline_passed(d))
			return err_set(err, ERR_DEADLINE, NULL);
		rc = loop_step(l, d, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}
