/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small OpenAI-compatible HTTP server on 127.0.0.1 that plays a recording,
 * for tests and the demo: no model is asked. It checks what it is asked before
 * it answers, so that a conversation which lost something fails here.
 *
 *	replay_server_prog RECORDING [--port N] [--log FILE]
 *
 * prints "listening PORT", and ends when its standard input closes or on
 * SIGTERM; its status is 1 when a request was not the expected one. RECORDING
 * is a JSON array of steps, each for one request in turn:
 *
 *	expect, forbid   texts that must (not) stand in the request's body, in
 *	                 its JSON or in one of its strings; else 422
 *	status, headers, delay_ms
 *	reply            text: a chat completion, or its SSE if `stream` is true
 *	body             any JSON value, as it is
 *	chunks           [{"data","delay_ms"}] pieces of a body
 *	raw              the exact bytes of the reply, head included
 *	split            bytes a write; pause_ms between the words of `reply`
 *	close            true: closes after what was sent
 *	cut              bytes of the data of `chunks` that are sent, no more
 *	repeat           true: stays the current step
 *
 * --log writes a line for every request {"connection","method","path",
 * "headers","body"}, and {"closed":true} when a client leaves before its
 * answer is complete.
 */
#include "executor/base/buf.h"
#include "executor/base/clock.h"
#include "executor/base/fd.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/support/replay_answer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct server {
	struct loop *loop;
	struct json *recording;
	const struct json *step; /* the current one; NULL: played */
	struct connection *first;
	int listener, log;
	unsigned connections;
	bool end, refused;
};

struct connection {
	struct server *server;
	struct connection *next;
	struct loop_fd *watch;
	struct loop_timer *timer;
	int fd;
	struct buf in, out;
	struct replay_answer answer;
	bool answering;
	unsigned number; /* from 1, in order of coming */
};

static void advance(struct connection *c);

/* ---- connections ---- */

static void log_line(struct server *s, const char *json)
{
	_auto_free_ char *line = mem_printf("%s\n", json);

	if (s->log >= 0)
		fd_write_all(s->log, line, strlen(line), NULL);
}

static void connection_end(struct connection *c)
{
	struct connection **p = &c->server->first;

	while (*p != c)
		p = &(*p)->next;
	*p = c->next;
	loop_unwatch(c->watch);
	loop_timer_cancel(c->timer);
	close(c->fd);
	replay_answer_finish(&c->answer);
	buf_finish(&c->in);
	buf_finish(&c->out);
	mem_free(c);
}

static void log_request(struct connection *c, char *head, const char *body)
{
	char *line = head + strcspn(head, "\r");
	_auto_free_ char *method = mem_strndup(head, strcspn(head, " "));
	char *path = head + strlen(method) + 1;
	_auto_json_ struct json *j = json_parse(body, strlen(body), REPLAY_MAX,
						NULL);
	struct json_writer w;
	struct buf b;

	buf_init(&b, REPLAY_MAX);
	jw_init(&w, &b);
	jw_object(&w);
	jw_kuint(&w, "connection", c->number);
	jw_kstring(&w, "method", method);
	jw_key(&w, "path");
	jw_string_n(&w, path, strcspn(path, " \r"));
	jw_key(&w, "headers");
	jw_object(&w);
	while (str_starts(line, "\r\n")) {
		char *name = line + 2, *value = strchr(name, ':');

		line = name + strcspn(name, "\r");
		if (!value || value > line)
			break;
		*value++ = 0;
		for (char *p = name; *p; p++)
			*p |= *p >= 'A' && *p <= 'Z' ? 32 : 0;
		jw_key(&w, name);
		value += strspn(value, " ");
		jw_string_n(&w, value, (size_t)(line - value));
	}
	jw_end_object(&w);
	jw_key(&w, "body");
	if (j)
		jw_raw(&w, body);
	else
		jw_string(&w, body);
	jw_end_object(&w);
	log_line(c->server, b.data);
	buf_finish(&b);
}

/* Takes one whole request out of what was read; true when there was one. */
static bool take_request(struct connection *c)
{
	char *end = strstr(c->in.data, "\r\n\r\n");
	const char *length = end ? strcasestr(c->in.data, "\r\ncontent-length:")
				 : NULL;
	size_t head, want;
	_auto_free_ char *text = NULL, *body = NULL;

	if (!end)
		return false;
	head = (size_t)(end - c->in.data) + 4;
	want = length && length < end ? strtoul(length + 17, NULL, 10) : 0;
	if (c->in.len - head < want)
		return false;
	text = mem_strndup(c->in.data, head);
	body = mem_strndup(c->in.data + head, want);
	buf_consume(&c->in, head + want);
	c->answering = true;
	log_request(c, text, body);
	replay_answer_make(&c->answer, c->server->step, body);
	if (c->answer.refused)
		c->server->refused = true;
	else if (!json_bool(json_get(c->server->step, "repeat"), false))
		c->server->step = json_next(c->server->step);
	return true;
}

static void on_readable(void *arg, uint32_t events)
{
	struct connection *c = arg;
	char *room = buf_space(&c->in, 65536);
	ssize_t n = room ? read(c->fd, room, 65536) : 0;

	if (n < 0 && errno == EAGAIN && !(events & (EPOLLHUP | EPOLLERR)))
		return;
	if (n <= 0) {
		if (c->answering)
			log_line(c->server, "{\"closed\":true}");
		connection_end(c);
		return;
	}
	buf_wrote(&c->in, (size_t)n);
	if (!c->answering && take_request(c))
		advance(c);
}

static void on_timer(void *arg)
{
	struct connection *c = arg;
	struct replay_piece *p;

	c->timer = NULL;
	if (c->out.len == 0) {
		p = replay_answer_take(&c->answer);
		if (p)
			buf_add(&c->out, p->data, p->len);
		mem_free(p);
	}
	advance(c);
}

/* False when the client has gone, and the connection with it. */
static bool send_some(struct connection *c)
{
	size_t most = c->answer.split;
	ssize_t n;

	if (most == 0 || most > c->out.len)
		most = c->out.len;
	n = send(c->fd, c->out.data, most, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0 && errno != EAGAIN) {
		log_line(c->server, "{\"closed\":true}");
		connection_end(c);
		return false;
	}
	buf_consume(&c->out, n < 0 ? 0 : (size_t)n);
	return true;
}

/* Sends what is due; then waits, goes on with the next request, or closes. */
static void advance(struct connection *c)
{
	const struct replay_piece *next;

	if (c->out.len > 0 && !send_some(c))
		return;
	next = c->answer.pieces;
	if (c->out.len > 0 || next) {
		uint64_t ms = c->out.len > 0 ? 0 : next->delay_ms;

		c->timer = loop_at(c->server->loop, deadline_in_ms(ms),
				   on_timer, c);
		return;
	}
	c->answering = false;
	if (c->answer.close)
		connection_end(c);
	else if (take_request(c))
		advance(c);
}

static void on_connection(void *arg, uint32_t events)
{
	struct server *s = arg;
	int fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct connection *c;
	int one = 1;

	if (fd < 0)
		return;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	c = mem_new(struct connection);
	c->server = s;
	c->number = ++s->connections;
	c->fd = fd;
	c->next = s->first;
	s->first = c;
	buf_init(&c->in, REPLAY_MAX);
	buf_init(&c->out, REPLAY_MAX);
	c->watch = loop_watch(s->loop, fd, EPOLLIN, on_readable, c, NULL);
}

/* ---- the program ---- */

static void on_stdin(void *arg, uint32_t events)
{
	char sink[4096];

	if (read(STDIN_FILENO, sink, sizeof(sink)) <= 0)
		((struct server *)arg)->end = true;
}

static void on_signal(void *arg)
{
	((struct server *)arg)->end = true;
}

static int listen_on(struct server *s, uint16_t port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons(port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int one = 1;

	s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(s->listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (s->listener < 0 || bind(s->listener, (void *)&a, sizeof(a)) < 0 ||
	    listen(s->listener, 1024) < 0 ||
	    getsockname(s->listener, (void *)&a, &len) < 0)
		return -1;
	return ntohs(a.sin_port);
}

static int fail(const char *what, const struct err *err)
{
	char text[1024];

	fprintf(stderr, "replay server: %s: %s\n", what,
		err_format(err, text, sizeof(text)));
	return 2;
}

static int open_all(struct server *s, int argc, char **argv)
{
	struct err err = { 0 };
	struct buf text;
	uint16_t port = 0;
	int rc;

	for (int i = 2; i + 1 < argc; i += 2) {
		if (str_equal(argv[i], "--port"))
			port = (uint16_t)strtoul(argv[i + 1], NULL, 10);
		else if (str_equal(argv[i], "--log"))
			s->log = open(argv[i + 1],
				      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
				      0600);
	}
	buf_init(&text, REPLAY_MAX);
	if (fd_slurp_path(AT_FDCWD, argv[1], &text, &err) < 0)
		return fail(argv[1], &err);
	s->recording = json_parse(text.data, text.len, REPLAY_MAX, &err);
	buf_finish(&text);
	if (!s->recording)
		return fail(argv[1], &err);
	s->step = json_child(s->recording);
	s->loop = loop_create(&err);
	if (!s->loop)
		return fail("loop", &err);
	rc = listen_on(s, port);
	if (rc < 0)
		return fail(strerror(errno), &err);
	fprintf(stderr,
		"replay server: plays the recording %s on "
		"http://127.0.0.1:%d/v1; no model is asked\n",
		argv[1], rc);
	printf("listening %d\n", rc);
	fflush(stdout);
	return 0;
}

int main(int argc, char **argv)
{
	struct server s = { .listener = -1, .log = -1 };
	int rc;

	if (argc < 2) {
		fprintf(stderr, "usage: replay_server_prog RECORDING "
				"[--port N] [--log FILE]\n");
		return 2;
	}
	rc = open_all(&s, argc, argv);
	if (rc != 0)
		return rc;
	loop_watch(s.loop, s.listener, EPOLLIN, on_connection, &s, NULL);
	loop_watch(s.loop, STDIN_FILENO, EPOLLIN, on_stdin, &s, NULL);
	loop_signal(s.loop, SIGTERM, on_signal, &s, NULL);
	loop_until(s.loop, &s.end, DEADLINE_NEVER, NULL);
	while (s.first)
		connection_end(s.first);
	json_destroy(s.recording);
	loop_destroy(s.loop);
	close(s.listener);
	return s.refused ? 1 : 0;
}
