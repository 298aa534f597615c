/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls on the loop: two multi handles, their sockets and timers, and the life
 * of a call from start to its last callback.
 *
 * Two, because a limit of connections per host is a property of the whole
 * multi handle: hosts that have shown HTTP/2 get few connections with many
 * streams (39 MB for 1,000 streams instead of 97), while the same limit would
 * leave streams of an HTTP/1.1 host waiting for each other.
 *
 * libcurl forbids calls into a multi handle from its own callbacks. `inside`
 * says that one is running; what callers ask for meanwhile is noted in the
 * call's state and done by work().
 */
#include "executor/net/http.h"

#include "executor/base/clock.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/net/curl_api.h"
#include "executor/net/http_call.h"
#include "executor/net/http_origin.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { POOL_ANY, POOL_HTTP2, POOLS };

#define HTTP2_CONNECTIONS 10L
#define HTTP2_STREAMS 128L

struct pool {
	struct http *http;
	CURLM *multi;
	struct loop_timer *timer;
};

struct http {
	struct loop *loop;
	struct curl_api api;
	struct pool pools[POOLS];
	struct http_call calls; /* head of a ring */
	struct loop_timer *work;
	struct http_origins http2; /* hosts that negotiated it */
	unsigned inside;
	char *ca_file;
};

struct socket {
	struct pool *pool;
	struct loop_fd *watch;
	int fd;
};

static void reap(struct http *h);
static void work(void *arg);

/* ---- libcurl's sockets and timers on the loop ---- */

static void act(struct pool *p, curl_socket_t fd, int events)
{
	struct http *h = p->http;
	int running;

	h->inside++;
	h->api.multi_socket_action(p->multi, fd, events, &running);
	h->inside--;
	reap(h);
}

static void on_socket(void *arg, uint32_t events)
{
	struct socket *s = arg;
	int what = 0;

	if (events & (EPOLLIN | EPOLLHUP | EPOLLRDHUP))
		what |= CURL_CSELECT_IN;
	if (events & EPOLLOUT)
		what |= CURL_CSELECT_OUT;
	if (events & EPOLLERR)
		what |= CURL_CSELECT_ERR;
	act(s->pool, s->fd, what);
}

static void on_timer(void *arg)
{
	struct pool *p = arg;

	p->timer = NULL;
	act(p, CURL_SOCKET_TIMEOUT, 0);
}

static void socket_free(struct socket *s)
{
	if (!s)
		return;
	loop_unwatch(s->watch);
	mem_free(s);
}

static int set_socket(CURL *easy, curl_socket_t fd, int what, void *arg,
		      void *known)
{
	struct pool *p = arg;
	struct http *h = p->http;
	struct socket *s = known;
	uint32_t events = 0;

	if (what == CURL_POLL_REMOVE) {
		socket_free(s);
		h->api.multi_assign(p->multi, fd, NULL);
		return 0;
	}
	if (what & CURL_POLL_IN)
		events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		events |= EPOLLOUT;
	if (s) {
		loop_watch_set(s->watch, events);
		return 0;
	}
	s = mem_new(struct socket);
	s->pool = p;
	s->fd = fd;
	s->watch = loop_watch(h->loop, fd, events, on_socket, s, NULL);
	if (!s->watch) {
		mem_free(s);
		return -1;
	}
	h->api.multi_assign(p->multi, fd, s);
	return 0;
}

static int set_timer(CURLM *multi, long ms, void *arg)
{
	struct pool *p = arg;

	loop_timer_cancel(p->timer);
	p->timer = ms < 0 ? NULL
			  : loop_at(p->http->loop, deadline_in_ms((uint64_t)ms),
				    on_timer, p);
	return 0;
}

/* ---- the life of a call ---- */

static void want_work(struct http *h)
{
	if (!h->work)
		h->work = loop_at(h->loop, deadline_in_ms(0), work, h);
}

static void unlink_call(struct http_call *c)
{
	c->prev->next = c->next;
	c->next->prev = c->prev;
	c->prev = c->next = c;
}

/* Takes it out of libcurl and off the list; its memory stays. */
static void detach(struct http_call *c)
{
	struct http *h = c->http;

	loop_timer_cancel(c->idle_timer);
	c->idle_timer = NULL;
	if (c->state != HTTP_CALL_QUEUED) {
		h->inside++;
		h->api.multi_remove_handle(h->pools[c->pool].multi, c->easy);
		h->inside--;
	}
	unlink_call(c);
}

static void end_call(struct http_call *c, CURLcode code)
{
	struct http *h = c->http;
	struct err err = { 0 };
	bool failed = http_call_failed(c, code, &err);
	int http2 = http_call_http2(c);

	if (http2 == 1)
		http_origins_add(&h->http2, c->origin);
	else if (http2 == 0 && c->pool == POOL_HTTP2)
		http_origins_remove(&h->http2, c->origin);
	detach(c);
	c->state = HTTP_CALL_DONE;
	if (c->ev.done)
		c->ev.done(c->ev.arg, &c->head.reply, failed ? &err : NULL);
	http_call_destroy(c);
}

static void on_idle(void *arg)
{
	struct http_call *c = arg;
	struct deadline d = { http_call_idle_ns(c) };

	c->idle_timer = NULL;
	if (!deadline_passed(d)) {
		c->idle_timer = loop_at(c->http->loop, d, on_idle, c);
		return;
	}
	err_set(&c->err, ERR_DEADLINE, "%s has been silent for %.3g seconds",
		c->origin, (double)c->idle_ms / 1000);
	end_call(c, CURLE_OPERATION_TIMEDOUT);
}

static void begin(struct http_call *c)
{
	struct http *h = c->http;
	CURLMcode rc;

	c->pool = http_origins_has(&h->http2, c->origin) ? POOL_HTTP2
							 : POOL_ANY;
	h->api.easy_setopt(c->easy, CURLOPT_PIPEWAIT,
			   c->pool == POOL_HTTP2 ? 1L : 0L);
	c->state = HTTP_CALL_RUNNING;
	c->idle_timer = loop_at(h->loop,
				(struct deadline){ http_call_idle_ns(c) },
				on_idle, c);
	h->inside++;
	rc = h->api.multi_add_handle(h->pools[c->pool].multi, c->easy);
	h->inside--;
	if (rc != CURLM_OK) {
		err_set(&c->err, ERR_INTERNAL, "libcurl does not take a call");
		end_call(c, CURLE_FAILED_INIT);
	}
}

static struct http_call *finished(struct http *h, CURLcode *code)
{
	char *call = NULL;
	CURLMsg *m;
	int left;

	for (int i = 0; i < POOLS; i++) {
		m = h->api.multi_info_read(h->pools[i].multi, &left);
		if (!m || m->msg != CURLMSG_DONE)
			continue;
		*code = m->data.result;
		h->api.easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &call);
		return (struct http_call *)(void *)call;
	}
	return NULL;
}

static void reap(struct http *h)
{
	struct http_call *c;
	CURLcode code = CURLE_OK;

	while (!h->inside && (c = finished(h, &code)) != NULL) {
		if (c->state == HTTP_CALL_CANCELLED) {
			detach(c);
			http_call_destroy(c);
		} else {
			end_call(c, code);
		}
	}
}

/* The first call in a state that waits for work(). */
static struct http_call *waiting(struct http *h)
{
	for (struct http_call *c = h->calls.next; c != &h->calls; c = c->next)
		if (c->state == HTTP_CALL_QUEUED ||
		    c->state == HTTP_CALL_CANCELLED)
			return c;
	return NULL;
}

static void work(void *arg)
{
	struct http *h = arg;
	struct http_call *c;

	h->work = NULL;
	while ((c = waiting(h)) != NULL) {
		if (c->state == HTTP_CALL_QUEUED) {
			begin(c);
		} else {
			detach(c);
			http_call_destroy(c);
		}
	}
}

int http_start(struct http_call **out, struct http *h,
	       const struct http_request *req, const struct http_events *ev,
	       struct err *err)
{
	struct http_call *c = http_call_create(&h->api, req, ev, h->ca_file,
					       err);

	if (!c)
		return err ? -(int)err->code : -ERR_INVALID;
	c->http = h;
	c->state = HTTP_CALL_QUEUED;
	c->prev = h->calls.prev;
	c->next = &h->calls;
	c->prev->next = c->next->prev = c;
	*out = c;
	/* Never from here: a failure would call back before we return. */
	want_work(h);
	return 0;
}

void http_cancel(struct http_call *c)
{
	if (!c || c->state == HTTP_CALL_DONE || c->state == HTTP_CALL_CANCELLED)
		return;
	if (c->http->inside && c->state == HTTP_CALL_RUNNING) {
		c->state = HTTP_CALL_CANCELLED;
		want_work(c->http);
		return;
	}
	detach(c);
	http_call_destroy(c);
}

/* ---- the client ---- */

/* Where distributions keep the bundle. */
static char *find_ca_file(void)
{
	static const char *const places[] = {
		"/etc/ssl/certs/ca-certificates.crt",
		"/etc/pki/tls/certs/ca-bundle.crt",
		"/etc/ssl/ca-bundle.pem",
		"/etc/ssl/cert.pem",
	};
	const char *named = getenv("SSL_CERT_FILE");

	if (named && *named)
		return mem_strdup(named);
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		if (access(places[i], R_OK) == 0)
			return mem_strdup(places[i]);
	return mem_strdup(places[0]);
}

static int open_pools(struct http *h, struct err *err)
{
	for (int i = 0; i < POOLS; i++) {
		struct pool *p = &h->pools[i];

		p->http = h;
		p->multi = h->api.multi_init();
		if (!p->multi)
			return err_set(err, ERR_INTERNAL,
				       "libcurl does not start");
		h->api.multi_setopt(p->multi, CURLMOPT_SOCKETFUNCTION,
				    set_socket);
		h->api.multi_setopt(p->multi, CURLMOPT_SOCKETDATA, p);
		h->api.multi_setopt(p->multi, CURLMOPT_TIMERFUNCTION,
				    set_timer);
		h->api.multi_setopt(p->multi, CURLMOPT_TIMERDATA, p);
		h->api.multi_setopt(p->multi, CURLMOPT_MAX_CONCURRENT_STREAMS,
				    HTTP2_STREAMS);
	}
	h->api.multi_setopt(h->pools[POOL_HTTP2].multi,
			    CURLMOPT_MAX_HOST_CONNECTIONS, HTTP2_CONNECTIONS);
	return 0;
}

struct http *http_create(struct loop *l, struct err *err)
{
	struct http *h = mem_new(struct http);

	h->loop = l;
	h->calls.prev = h->calls.next = &h->calls;
	if (curl_api_load(&h->api, NULL, err) < 0 || open_pools(h, err) < 0) {
		http_destroy(h);
		return NULL;
	}
	h->ca_file = find_ca_file();
	return h;
}

void http_destroy(struct http *h)
{
	if (!h)
		return;
	while (h->calls.next != &h->calls) {
		struct http_call *c = h->calls.next;

		detach(c);
		http_call_destroy(c);
	}
	for (int i = 0; i < POOLS; i++) {
		if (h->pools[i].multi)
			h->api.multi_cleanup(h->pools[i].multi);
		loop_timer_cancel(h->pools[i].timer);
	}
	loop_timer_cancel(h->work);
	http_origins_finish(&h->http2);
	mem_free(h->ca_file);
	mem_free(h);
}
