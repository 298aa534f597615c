/* SPDX-License-Identifier: Apache-2.0 */
/*
 * States and their steps. turn() runs the step of the state until nothing moves;
 * a step never frees the connection, it says `over`.
 */
#include "executor/egress/proxy_conn.h"

#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/egress/dial.h"
#include "executor/egress/lookup.h"
#include "executor/egress/proxy_answer.h"
#include "executor/egress/proxy_exchange.h"
#include "executor/egress/proxy_request.h"
#include "executor/egress/proxy_tunnel.h"

#include <errno.h>
#include <string.h>

#define HEAD_MS 60000    /* to send a whole head, from when one is expected */
#define CONNECT_MS 90000 /* above what look-up and dial take by themselves */
#define IDLE_MS 300000   /* without a byte in either direction */
#define LINGER_MS 2000   /* until the client has read the last answer */
#define LINGER_BYTES (256 * 1024)

enum state {
	STATE_HEAD,
	STATE_CONNECT, /* look-up and dial */
	STATE_HTTP,
	STATE_TUNNEL,
	STATE_LINGER,
	STATE_COUNT
};

struct proxy_conn {
	struct proxy_conn *next;
	struct proxy_box *box;
	enum state state;
	bool over, lingering;
	struct proxy_side client, server;
	struct proxy_exchange exchange;
	struct lookup *lookup;
	struct dial *dial;
	struct loop_timer *timer;
	uint64_t deadline_ns, armed_ns;
	size_t seen, lingered;
	/* of the request at hand */
	char method[33];
	struct net_host host;
	uint16_t port;
	bool connect, is_head;
	char rule[NET_RULE_TEXT];
};

static void turn(struct proxy_conn *c);

/* ---- time ---- */

static void on_timer(void *arg);

/* Only a deadline that comes earlier sets the timer anew: a byte costs none. */
static void set_deadline(struct proxy_conn *c, uint64_t ms)
{
	c->deadline_ns = clock_now_ns() + ms * CLOCK_MS;
	if (c->timer && c->armed_ns <= c->deadline_ns)
		return;
	loop_timer_cancel(c->timer);
	c->armed_ns = c->deadline_ns;
	c->timer = loop_at(c->box->shared->loop,
			   (struct deadline){ c->armed_ns }, on_timer, c);
}

static void enter(struct proxy_conn *c, enum state state)
{
	static const uint64_t ms[STATE_COUNT] = {
		[STATE_HEAD] = HEAD_MS,   [STATE_CONNECT] = CONNECT_MS,
		[STATE_HTTP] = IDLE_MS,   [STATE_TUNNEL] = IDLE_MS,
		[STATE_LINGER] = IDLE_MS,
	};

	c->state = state;
	set_deadline(c, ms[state]);
}

/* ---- answers of our own ---- */

static struct proxy_asked asked(const struct proxy_conn *c)
{
	return (struct proxy_asked){ &c->host, c->port, c->is_head };
}

/* Nothing goes to or comes from a server any more. */
static void drop_server(struct proxy_conn *c)
{
	lookup_cancel(c->lookup);
	dial_cancel(c->dial);
	c->lookup = NULL;
	c->dial = NULL;
	proxy_side_close(&c->server);
}

static void fail(struct proxy_conn *c, unsigned status, const char *text)
{
	struct proxy_asked about = asked(c);

	drop_server(c);
	proxy_answer_failed(&c->client.out, status, c->port ? &about : NULL,
			    text);
	enter(c, STATE_LINGER);
}

static void log_decision(struct proxy_conn *c, const char *why,
			 const char *rule, const struct net_address *a)
{
	char host[NET_HOST_TEXT], address[NET_ADDRESS_TEXT] = "";
	struct proxy_decision d = {
		.method = c->method,
		.host = c->port ? net_host_format(&c->host, host) : NULL,
		.port = c->port,
		.allowed = str_equal(why, policy_name(POLICY_ALLOWED)),
		.why = why,
		.rule = rule,
		.address = a ? net_address_format(a, address) : NULL,
	};

	proxy_box_log(c->box, &d);
}

static void block(struct proxy_conn *c, const struct policy_verdict *v,
		  const struct net_address *a)
{
	struct proxy_asked about = asked(c);

	log_decision(c, policy_name(v->why), v->rule, a);
	drop_server(c);
	proxy_answer_blocked(&c->client.out, &about, v);
	enter(c, STATE_LINGER);
}

/* ---- look-up and dial ---- */

static void on_dialled(void *arg, int fd, int errno_value)
{
	struct proxy_conn *c = arg;

	c->dial = NULL;
	if (fd < 0) {
		log_decision(c, "unreachable", c->rule, NULL);
		fail(c, errno_value == ETIMEDOUT ? 504 : 502,
		     strerror(errno_value));
	} else if (c->connect) {
		buf_puts(&c->client.out,
			 "HTTP/1.1 200 Connection established\r\n\r\n");
		enter(c, STATE_TUNNEL);
	} else {
		enter(c, STATE_HTTP);
	}
	if (fd >= 0)
		c->server.fd = fd;
	turn(c);
}

/* The list's word, and that the address is not this machine itself. */
static bool may_connect(struct proxy_conn *c, const struct net_address *a,
			struct policy_verdict *v)
{
	const struct network *n = &c->box->network;

	if (!policy_address(n, a, c->port, v))
		return false;
	if (policy_private(n, a) || !dial_is_own(a))
		return true;
	v->why = POLICY_OWN;
	return false;
}

/* From here on only addresses count: what is dialled is what was checked. */
static void take_addresses(struct proxy_conn *c, const struct net_address *list,
			   unsigned count)
{
	struct net_address good[DIAL_ADDRESSES];
	struct dial_options o = {
		.addresses = good,
		.port = c->port,
		.fn = on_dialled,
		.arg = c,
	};
	struct policy_verdict bad, v;
	const struct net_address *first_bad = NULL;

	for (unsigned i = 0; i < count && o.count < DIAL_ADDRESSES; i++) {
		if (may_connect(c, &list[i], &v)) {
			good[o.count++] = list[i];
		} else if (!first_bad) {
			first_bad = &list[i];
			bad = v;
		}
	}
	if (o.count) {
		log_decision(c, policy_name(POLICY_ALLOWED), c->rule, good);
		c->dial = dial_start(c->box->shared->loop, &o);
	} else if (first_bad) {
		block(c, &bad, first_bad);
	} else {
		log_decision(c, "unresolved", c->rule, NULL);
		fail(c, 502, "the name cannot be resolved");
	}
}

static void on_looked_up(void *arg, const struct net_address *list,
			 unsigned count)
{
	struct proxy_conn *c = arg;

	c->lookup = NULL;
	take_addresses(c, list, count);
	turn(c);
}

static void find_server(struct proxy_conn *c)
{
	const struct lookup_options o = {
		.name = c->host.name,
		.owner = c->box->number,
		.fn = on_looked_up,
		.arg = c,
	};

	enter(c, STATE_CONNECT);
	if (c->host.literal) {
		take_addresses(c, &c->host.address, 1);
		return;
	}
	c->lookup = lookup_start(c->box->shared->lookups, &o);
}

/* ---- the head of a request ---- */

static void take_request(struct proxy_conn *c, const struct proxy_request *r,
			 const struct proxy_head *h)
{
	struct policy_verdict v;

	memset(c->method, 0, sizeof(c->method));
	memcpy(c->method, r->method.at, r->method.len);
	c->host = r->host;
	c->port = r->port;
	c->connect = r->connect;
	c->is_head = r->is_head;
	if (!policy_host(&c->box->network, &c->host, c->port, &v)) {
		block(c, &v, NULL);
		return;
	}
	str_copy(c->rule, sizeof(c->rule), v.rule);
	if (!c->connect)
		proxy_request_write(r, h, &c->server.out);
	proxy_exchange_begin(&c->exchange, &r->frame, r->is_head,
			     r->keep_alive);
	find_server(c);
}

static void refuse_head(struct proxy_conn *c, const struct err *err)
{
	c->port = 0; /* whom it asked is what could not be read */
	c->is_head = false;
	log_decision(c, "malformed", NULL, NULL);
	fail(c, err->code == ERR_TOO_LARGE ? 431 : 400, err->text);
}

static bool step_head(struct proxy_conn *c)
{
	struct buf *in = &c->client.in;
	struct err err = { 0 };
	struct proxy_request r;
	struct proxy_head h;
	ssize_t len = 0;
	int rc;

	if (in->len)
		len = proxy_head_length(in->data, in->len, c->seen, &err);
	if (len == 0) {
		c->seen = in->len;
		if (c->client.eof)
			c->over = true;
		return false;
	}
	c->method[0] = '\0';
	c->seen = 0;
	rc = len < 0 ? (int)len
		     : proxy_head_parse(&h, in->data, (size_t)len, &err);
	if (!rc)
		rc = proxy_request_parse(&r, &h, &err);
	if (rc) {
		refuse_head(c, &err);
		return true;
	}
	take_request(c, &r, &h);
	buf_consume(in, (size_t)len);
	return true;
}

/* ---- relaying ---- */

static void end_reply(struct proxy_conn *c)
{
	proxy_side_close(&c->server);
	enter(c, c->exchange.keep ? STATE_HEAD : STATE_LINGER);
}

static bool step_http(struct proxy_conn *c)
{
	switch (proxy_exchange_step(&c->exchange, &c->client, &c->server)) {
	case PROXY_IDLE:
		return false;
	case PROXY_MOVED:
		return true;
	case PROXY_DONE:
		end_reply(c);
		return true;
	case PROXY_BAD_REQUEST:
		log_decision(c, "malformed", c->rule, NULL);
		if (c->exchange.started)
			c->over = true;
		else
			fail(c, 400, "a malformed chunk");
		return true;
	case PROXY_BAD_REPLY:
		fail(c, 502, "the server's reply is not acceptable HTTP");
		return true;
	case PROXY_CUT:
		/* a reply without its end must not look whole */
		proxy_side_close(&c->server);
		enter(c, STATE_LINGER);
		return true;
	}
	return false;
}

static bool step_tunnel(struct proxy_conn *c)
{
	bool done = false, moved;

	moved = proxy_tunnel_step(&c->client, &c->server, &done);
	if (done)
		enter(c, STATE_LINGER);
	return moved;
}

/* Closing while the client still sends would reset the connection and take our
 * answer with it. */
static bool step_linger(struct proxy_conn *c)
{
	bool moved = proxy_side_shut(&c->client);

	/* a slow reader gets all of it; only then the time runs */
	if (c->client.shut && !c->lingering) {
		c->lingering = true;
		set_deadline(c, LINGER_MS);
	}
	c->lingered += c->client.in.len;
	buf_clear(&c->client.in);
	if (c->client.shut && (c->client.eof || c->lingered > LINGER_BYTES))
		c->over = true;
	return moved;
}

static bool step_connect(struct proxy_conn *c)
{
	return false; /* call-backs go on */
}

static bool (*const steps[STATE_COUNT])(struct proxy_conn *c) = {
	[STATE_HEAD] = step_head,     [STATE_CONNECT] = step_connect,
	[STATE_HTTP] = step_http,     [STATE_TUNNEL] = step_tunnel,
	[STATE_LINGER] = step_linger,
};

/* ---- events ---- */

static void on_client(void *arg, uint32_t events)
{
	struct proxy_conn *c = arg;

	proxy_side_read(&c->client);
	turn(c);
}

static void on_server(void *arg, uint32_t events)
{
	struct proxy_conn *c = arg;

	proxy_side_read(&c->server);
	turn(c);
}

/* A socket that the dial has given is watched from the first turn on. */
static void watch_server(struct proxy_conn *c)
{
	struct proxy_side *s = &c->server;

	if (s->fd >= 0 && !s->watch &&
	    proxy_side_open(s, c->box->shared->loop, s->fd, on_server, c))
		c->over = true;
}

static void turn(struct proxy_conn *c)
{
	bool moved, any = false;

	watch_server(c);
	do {
		moved = steps[c->state](c);
		moved |= proxy_side_write(&c->client);
		moved |= proxy_side_write(&c->server);
		any |= moved;
	} while (moved && !c->over);
	if (c->over || c->client.broken) {
		proxy_conn_close(c);
		return;
	}
	if (any && c->state >= STATE_HTTP && !c->lingering)
		set_deadline(c, IDLE_MS);
	proxy_side_ask(&c->client);
	proxy_side_ask(&c->server);
}

static void expire(struct proxy_conn *c)
{
	if (c->state == STATE_HEAD && c->client.in.len)
		fail(c, 408, "the request did not come in time");
	else if (c->state == STATE_HTTP && !c->exchange.started)
		fail(c, 504, "the server did not reply in time");
	else if (c->state == STATE_CONNECT)
		fail(c, 504, "no connection in time");
	else
		c->over = true;
	turn(c);
}

static void on_timer(void *arg)
{
	struct proxy_conn *c = arg;

	c->timer = NULL;
	if (clock_now_ns() >= c->deadline_ns) {
		expire(c);
		return;
	}
	c->armed_ns = c->deadline_ns;
	c->timer = loop_at(c->box->shared->loop,
			   (struct deadline){ c->armed_ns }, on_timer, c);
}

/* ---- beginning and end ---- */

void proxy_conn_open(struct proxy_box *b, int fd)
{
	struct proxy_conn *c = mem_new(struct proxy_conn);

	c->box = b;
	c->next = b->conns;
	b->conns = c;
	b->conn_count++;
	b->shared->conns++;
	proxy_side_init(&c->client);
	proxy_side_init(&c->server);
	enter(c, STATE_HEAD);
	if (proxy_side_open(&c->client, b->shared->loop, fd, on_client, c))
		proxy_conn_close(c);
}

void proxy_conn_close(struct proxy_conn *c)
{
	struct proxy_box *b = c->box;
	struct proxy_conn **at = &b->conns;

	while (*at && *at != c)
		at = &(*at)->next;
	if (*at)
		*at = c->next;
	b->conn_count--;
	b->shared->conns--;
	drop_server(c);
	loop_timer_cancel(c->timer);
	proxy_side_finish(&c->client);
	proxy_side_finish(&c->server);
	mem_free(c);
	b->shared->freed(b->shared->arg);
}
