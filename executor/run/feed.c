/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies into the pipe as fast as it takes it. A source that epoll cannot watch
 * (a regular file) is always ready, so there only the pipe is watched.
 */
#include "executor/run/feed.h"

#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define CHUNK 65536

struct feed {
	struct loop *loop;
	int ends[2];
	struct loop_fd *in, *out; /* at most one of them is waiting */
	struct feed_source source;
	char *chunk; /* read but not written yet; owned */
	const char *at;
	size_t left;
};

static void finish(struct feed *f)
{
	loop_unwatch(mem_take(f->in));
	loop_unwatch(mem_take(f->out));
	fd_close(&f->ends[1]);
}

/* True when all of it is in the pipe; false: wait, or it is over. */
static bool write_some(struct feed *f)
{
	while (f->left) {
		ssize_t n = write(f->ends[1], f->at, f->left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return false;
		if (n < 0) {
			finish(f);
			return false;
		}
		f->at += n;
		f->left -= (size_t)n;
	}
	return true;
}

/* False at end of file, or when nothing can be read any more. */
static bool read_some(struct feed *f)
{
	ssize_t n;

	if (!f->chunk)
		f->chunk = mem_zero(CHUNK, 1);
	do {
		n = read(f->source.fd, f->chunk, CHUNK);
	} while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return true;
	if (n <= 0)
		return false;
	f->at = f->chunk;
	f->left = (size_t)n;
	return true;
}

static void wait_for(struct feed *f, bool pipe)
{
	if (f->in)
		loop_watch_set(f->in, pipe ? 0 : EPOLLIN);
	if (f->out)
		loop_watch_set(f->out, pipe || !f->in ? EPOLLOUT : 0);
}

static void on_readable(void *arg, uint32_t events)
{
	struct feed *f = arg;

	if (!read_some(f)) {
		finish(f);
		return;
	}
	if (!write_some(f) && f->ends[1] >= 0)
		wait_for(f, true);
}

static void on_writable(void *arg, uint32_t events)
{
	struct feed *f = arg;

	if (!write_some(f))
		return;
	if (f->source.data || (!f->in && !read_some(f))) {
		finish(f);
		return;
	}
	wait_for(f, false);
}

static int watch(struct feed *f, struct err *err)
{
	struct err why = { 0 };

	if (!f->source.data) /* fails for a regular file: see above */
		f->in = loop_watch(f->loop, f->source.fd, EPOLLIN, on_readable,
				   f, &why);
	f->out = loop_watch(f->loop, f->ends[1], EPOLLOUT, on_writable, f, err);
	if (!f->out)
		return -ERR_SYSTEM;
	wait_for(f, f->left != 0);
	return 0;
}

static int begin(struct feed *f, struct err *err)
{
	int rc = fd_pipe(f->ends, err);

	if (rc >= 0)
		rc = fd_set_nonblock(f->ends[1], true, err);
	if (rc < 0)
		return rc;
	if (f->source.data) {
		f->at = f->source.data;
		f->left = f->source.len;
		if (!write_some(f))
			return watch(f, err);
		finish(f); /* it fitted into the pipe */
		return 0;
	}
	if (f->source.fd >= 0)
		return watch(f, err);
	finish(f);
	return 0;
}

int feed_start(struct feed **out, struct loop *l, const struct feed_source *s,
	       int *read_end, struct err *err)
{
	struct feed *f = mem_new(struct feed);
	int rc;

	f->loop = l;
	f->source = *s;
	f->ends[0] = f->ends[1] = -1;
	rc = begin(f, err);
	if (rc < 0) {
		feed_destroy(f);
		return rc;
	}
	*out = f;
	*read_end = f->ends[0];
	return 0;
}

void feed_destroy(struct feed *f)
{
	if (!f)
		return;
	finish(f);
	fd_close(&f->ends[0]);
	mem_free(f->chunk);
	mem_free(f);
}
