/* SPDX-License-Identifier: Apache-2.0 */
/* Request body up, reply head and body down. */
#include "executor/egress/proxy_exchange.h"

#include "executor/egress/proxy_reply.h"

#define INTERIM_MAX 16

void proxy_exchange_begin(struct proxy_exchange *x,
			  const struct proxy_frame *frame, bool to_head,
			  bool keep)
{
	*x = (struct proxy_exchange){ .to_head = to_head, .keep = keep };
	proxy_body_begin(&x->up, frame);
}

/* Both kinds of end mean the same to the reply. */
static bool has_ended(const struct proxy_side *s)
{
	return (s->eof || s->broken) && !s->in.len;
}

/* Moves what belongs to the body and fits; bytes, or negative. */
static ssize_t move_body(struct proxy_body *b, struct proxy_side *from,
			 struct proxy_side *to)
{
	size_t room = proxy_side_room(to);
	size_t len = from->in.len < room ? from->in.len : room;
	ssize_t n = proxy_body_take(b, from->in.data, len, NULL);

	if (n > 0)
		proxy_side_move(from, to, (size_t)n);
	return n;
}

static enum proxy_step move_up(struct proxy_exchange *x,
			       struct proxy_side *client,
			       struct proxy_side *server)
{
	ssize_t n;

	/* a server that has heard enough may still have replied */
	if (x->up.done || server->broken)
		return PROXY_IDLE;
	n = move_body(&x->up, client, server);
	if (n < 0)
		return PROXY_BAD_REQUEST;
	if (n > 0 || x->up.done)
		return PROXY_MOVED;
	return has_ended(client) ? PROXY_CUT : PROXY_IDLE;
}

static enum proxy_step bad_head(const struct proxy_exchange *x)
{
	return x->started ? PROXY_CUT : PROXY_BAD_REPLY;
}

static enum proxy_step take_head(struct proxy_exchange *x,
				 struct proxy_side *client,
				 struct proxy_side *server, size_t len)
{
	struct proxy_reply reply;
	struct proxy_head head;

	if (proxy_head_parse(&head, server->in.data, len, NULL) ||
	    proxy_reply_parse(&reply, &head, x->to_head, NULL) ||
	    (reply.interim && ++x->interim > INTERIM_MAX))
		return bad_head(x);
	if (!reply.interim) {
		x->head_done = true;
		/* an answer before the question's end leaves the client's
		 * connection in a state that nobody knows */
		x->keep = x->keep && x->up.done &&
			  reply.frame.kind != PROXY_CLOSE;
		proxy_body_begin(&x->down, &reply.frame);
	}
	proxy_reply_write(&reply, &head, x->keep, &client->out);
	buf_consume(&server->in, len);
	x->started = true;
	x->seen = 0;
	return PROXY_MOVED;
}

static enum proxy_step move_head(struct proxy_exchange *x,
				 struct proxy_side *client,
				 struct proxy_side *server)
{
	ssize_t len;

	if (!proxy_side_room(client))
		return PROXY_IDLE;
	if (has_ended(server))
		return bad_head(x);
	if (!server->in.len)
		return PROXY_IDLE;
	len = proxy_head_length(server->in.data, server->in.len, x->seen, NULL);
	if (len < 0)
		return bad_head(x);
	if (len > 0)
		return take_head(x, client, server, (size_t)len);
	x->seen = server->in.len;
	return server->eof || server->broken ? bad_head(x) : PROXY_IDLE;
}

static enum proxy_step move_down(struct proxy_exchange *x,
				 struct proxy_side *client,
				 struct proxy_side *server)
{
	ssize_t n = move_body(&x->down, server, client);

	if (n < 0)
		return PROXY_CUT;
	if (x->down.done)
		return PROXY_DONE;
	if (n > 0)
		return PROXY_MOVED;
	if (!has_ended(server))
		return PROXY_IDLE;
	return x->down.kind == PROXY_CLOSE ? PROXY_DONE : PROXY_CUT;
}

enum proxy_step proxy_exchange_step(struct proxy_exchange *x,
				    struct proxy_side *client,
				    struct proxy_side *server)
{
	enum proxy_step up = move_up(x, client, server), down;

	if (up != PROXY_IDLE && up != PROXY_MOVED)
		return up;
	down = x->head_done ? move_down(x, client, server)
			    : move_head(x, client, server);
	return down == PROXY_IDLE ? up : down;
}
