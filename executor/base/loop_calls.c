/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The queue of deferred calls. One lock for those of the loop's own thread and
 * of others keeps one order; without contention it costs some nanoseconds.
 */
#include "executor/base/loop_calls.h"

#include "executor/base/fd.h"
#include "executor/base/mem.h"

#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

int loop_calls_init(struct loop_calls *q, struct err *err)
{
	*q = (struct loop_calls){ .items = NULL };
	pthread_mutex_init(&q->lock, NULL);
	q->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (q->wake < 0)
		return err_sys(err, errno,
			       "event loop: cannot make an eventfd");
	return 0;
}

void loop_calls_finish(struct loop_calls *q)
{
	mem_free(q->items);
	fd_close(&q->wake);
	pthread_mutex_destroy(&q->lock);
}

void loop_calls_add(struct loop_calls *q, void (*fn)(void *), void *arg)
{
	pthread_mutex_lock(&q->lock);
	if (q->count == q->cap) {
		q->cap = q->cap ? 2 * q->cap : 16;
		q->items = mem_resize(q->items, q->cap, sizeof(*q->items));
	}
	q->items[q->count++] = (struct loop_call){ fn, arg };
	/* under the lock, or the loop could drain before it is readable */
	if (!q->woken) {
		static const uint64_t one = 1;
		ssize_t ignored = write(q->wake, &one, sizeof(one));

		(void)ignored;
		q->woken = true;
	}
	pthread_mutex_unlock(&q->lock);
}

/* Takes the whole queue, so that calls run without the lock. */
static size_t take_all(struct loop_calls *q, struct loop_call **items)
{
	size_t count;

	pthread_mutex_lock(&q->lock);
	*items = q->items;
	count = q->count;
	q->items = NULL;
	q->count = q->cap = 0;
	if (q->woken) {
		uint64_t times;
		ssize_t ignored = read(q->wake, &times, sizeof(times));

		(void)ignored;
		q->woken = false;
	}
	pthread_mutex_unlock(&q->lock);
	return count;
}

bool loop_calls_run(struct loop_calls *q)
{
	struct loop_call *items;
	size_t count = take_all(q, &items);

	for (size_t i = 0; i < count; i++)
		items[i].fn(items[i].arg);
	mem_free(items);
	return count > 0;
}
