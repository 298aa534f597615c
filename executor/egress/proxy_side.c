/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing without waiting. */
#include "executor/egress/proxy_side.h"

#include "executor/base/fd.h"
#include "executor/base/loop.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#define READ_BYTES (16 * 1024)

/* A head that the proxy writes itself fits beside what is relayed. */
#define OUT_BYTES (2 * PROXY_SIDE_BYTES + 4096)

void proxy_side_init(struct proxy_side *s)
{
	*s = (struct proxy_side){ .fd = -1 };
	buf_init(&s->in, PROXY_SIDE_BYTES);
	buf_init(&s->out, OUT_BYTES);
}

int proxy_side_open(struct proxy_side *s, struct loop *l, int fd,
		    proxy_side_fn *fn, void *arg)
{
	struct err err;

	s->fd = fd;
	s->eof = s->shut = s->broken = false;
	s->watch = loop_watch(l, fd, EPOLLIN, fn, arg, &err);
	return s->watch ? 0 : -ERR_SYSTEM;
}

void proxy_side_close(struct proxy_side *s)
{
	loop_unwatch(s->watch);
	s->watch = NULL;
	fd_close(&s->fd);
	buf_clear(&s->in);
	buf_clear(&s->out);
	s->eof = s->shut = s->broken = false;
}

void proxy_side_finish(struct proxy_side *s)
{
	proxy_side_close(s);
	buf_finish(&s->in);
	buf_finish(&s->out);
}

static bool would_block(int errno_value)
{
	return errno_value == EAGAIN || errno_value == EINTR;
}

bool proxy_side_read(struct proxy_side *s)
{
	size_t room = PROXY_SIDE_BYTES - s->in.len;
	char *at;

	if (s->fd < 0 || s->eof || s->broken || !room)
		return false;
	if (room > READ_BYTES)
		room = READ_BYTES;
	at = buf_space(&s->in, room);
	if (!at)
		return false;
	ssize_t n = recv(s->fd, at, room, MSG_DONTWAIT);
	if (n > 0)
		buf_wrote(&s->in, (size_t)n);
	else if (n == 0)
		s->eof = true;
	else if (!would_block(errno))
		s->broken = true;
	return n >= 0 || s->broken;
}

bool proxy_side_write(struct proxy_side *s)
{
	if (s->fd < 0 || s->shut || s->broken || !s->out.len)
		return false;
	ssize_t n = send(s->fd, s->out.data, s->out.len,
			 MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n > 0)
		buf_consume(&s->out, (size_t)n);
	else if (n < 0 && !would_block(errno))
		s->broken = true;
	return n > 0 || s->broken;
}

bool proxy_side_shut(struct proxy_side *s)
{
	if (s->fd < 0 || s->shut || s->out.len)
		return false;
	s->shut = true;
	shutdown(s->fd, SHUT_WR);
	return true;
}

void proxy_side_move(struct proxy_side *from, struct proxy_side *to, size_t len)
{
	buf_add(&to->out, from->in.data, len);
	buf_consume(&from->in, len);
}

size_t proxy_side_room(const struct proxy_side *s)
{
	return s->out.len < PROXY_SIDE_BYTES ? PROXY_SIDE_BYTES - s->out.len
					     : 0;
}

void proxy_side_ask(struct proxy_side *s)
{
	uint32_t want = 0;

	if (!s->watch)
		return;
	if (!s->eof && !s->broken && s->in.len < PROXY_SIDE_BYTES)
		want |= EPOLLIN;
	if (s->out.len && !s->shut)
		want |= EPOLLOUT;
	loop_watch_set(s->watch, want);
}
