/* SPDX-License-Identifier: Apache-2.0 */
/* Whole connections in this process: a real server on loopback, a real
 * resolver, and a client at the other end of a socket pair. */
#include "executor/egress/proxy_conn.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/egress/lookup.h"
#include "tests/tap.h"

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define BIG 30000 /* fits into the proxy, not into a small socket */

/* ---- the server: what the path says ---- */

static void say(int fd, const char *text)
{
	fd_write_all(fd, text, strlen(text), NULL);
}

static void reply(int fd, const char *request)
{
	static char block[BIG];

	memset(block, 'x', sizeof(block));
	if (strstr(request, " /big")) {
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 30000\r\n\r\n");
		fd_write_all(fd, block, sizeof(block), NULL);
	} else if (strstr(request, " /cut")) {
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut");
	} else if (strstr(request, " /close")) {
		say(fd, "HTTP/1.0 200 OK\r\n\r\nto the end");
	} else if (strstr(request, " /nothing")) {
		return;
	} else if (strstr(request, " /silent")) {
		pause();
	} else if (strncmp(request, "echo", 4) == 0) {
		say(fd, request);
	} else {
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes");
	}
}

static _Noreturn void serve(int sock)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		char request[8192];
		int fd = accept(sock, NULL, NULL);
		pid_t pid = fork();

		if (pid == 0) {
			ssize_t n = read(fd, request, sizeof(request) - 1);

			prctl(PR_SET_PDEATHSIG, SIGKILL);
			request[n > 0 ? n : 0] = '\0';
			reply(fd, request);
			_exit(0);
		}
		close(fd);
	}
}

/* ---- the proxy around one box ---- */

struct rig {
	struct proxy_shared shared;
	struct proxy_box box;
	struct log log;
	uint16_t port;
	unsigned freed;
	pid_t server;
	int log_fd;
};

static void on_freed(void *arg)
{
	struct rig *r = arg;

	r->freed++;
}

static void on_dead(void *arg)
{
	CHECK(false);
}

static uint16_t start_server(pid_t *pid)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(at);
	int sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	REQUIRE(bind(sock, (struct sockaddr *)&at, sizeof(at)) == 0);
	REQUIRE(listen(sock, 64) == 0);
	REQUIRE(getsockname(sock, (struct sockaddr *)&at, &len) == 0);
	*pid = fork();
	if (*pid == 0)
		serve(sock);
	close(sock);
	return ntohs(at.sin_port);
}

static int start_resolver(void)
{
	int pair[2];

	REQUIRE(fd_socketpair(pair, NULL) == 0);
	pid_t pid = fork();
	if (pid == 0) {
		close(pair[0]);
		resolver_main(pair[1]);
	}
	close(pair[1]);
	return pair[0];
}

static void begin(struct rig *r)
{
	char list[256];
	int ends[2];

	memset(r, 0, sizeof(*r));
	r->port = start_server(&r->server);
	snprintf(list, sizeof(list),
		 "mode = allow\nallow = 127.0.0.1:%u localhost:%u\n"
		 "allow = 127.9.9.9:*\n"
		 "allow_private = 127.0.0.1\n",
		 r->port, r->port);
	REQUIRE(network_parse(&r->box.network, list, strlen(list), NULL) == 0);
	REQUIRE(fd_pipe(ends, NULL) == 0);
	r->log = (struct log){ LOG_LEVEL_INFO, ends[1], "test" };
	r->log_fd = ends[0];
	REQUIRE(fd_set_nonblock(ends[1], true, NULL) == 0);
	r->shared.loop = loop_create(NULL);
	r->shared.lookups = lookups_create(r->shared.loop, start_resolver(),
					   on_dead, r, NULL);
	r->shared.log = &r->log;
	r->shared.freed = on_freed;
	r->shared.arg = r;
	r->box.shared = &r->shared;
	r->box.number = 1;
	str_copy(r->box.id, sizeof(r->box.id), "box");
}

static void finish(struct rig *r)
{
	while (r->box.conns)
		proxy_conn_close(r->box.conns);
	CHECK_INT(r->box.conn_count, 0);
	CHECK_INT(r->shared.conns, 0);
	lookups_destroy(r->shared.lookups);
	loop_destroy(r->shared.loop);
	network_finish(&r->box.network);
	kill(r->server, SIGKILL);
	close(r->log.fd);
	close(r->log_fd);
}

/* A new connection; the client's end, which does not block. */
static int open_client(struct rig *r, const char *request)
{
	const int small = 4096;
	int pair[2];

	REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			   0, pair) == 0);
	/* little is under way between the two: the rest waits in the proxy */
	setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	proxy_conn_open(&r->box, pair[0]);
	REQUIRE(write(pair[1], request, strlen(request)) ==
		(ssize_t)strlen(request));
	return pair[1];
}

/* Turns the loop for that long, or until the proxy has no connection left. */
static void turn(struct rig *r, uint64_t ms)
{
	struct deadline end = deadline_in_ms(ms);

	while (!deadline_passed(end) && r->box.conn_count)
		loop_step(r->shared.loop, deadline_in_ms(10), NULL);
}

/* Reads until the end, or until `enough` has come (NULL: the end). */
static void hear(struct rig *r, int fd, struct buf *out, const char *enough)
{
	struct deadline end = deadline_in_ms(30000);

	while (!deadline_passed(end)) {
		char block[4096];
		ssize_t n = read(fd, block, sizeof(block));

		if (n > 0)
			buf_add(out, block, (size_t)n);
		if (n == 0 || (enough && strstr(out->data, enough)))
			return;
		if (n < 0)
			loop_step(r->shared.loop, deadline_in_ms(10), NULL);
	}
	tap_note("no end of: %.200s", out->data);
	CHECK(false);
}

/* A request to the server of the rig; `more` are lines of the head. */
static const char *get(const struct rig *r, const char *path, const char *more,
		       char text[1024])
{
	snprintf(text, 1024,
		 "GET http://127.0.0.1:%u%s HTTP/1.1\r\n"
		 "Host: 127.0.0.1:%u\r\n%s\r\n",
		 r->port, path, r->port, more);
	return text;
}

#define LAST "Connection: close\r\n"

/* ---- tests ---- */

static void replies_come_whole(void)
{
	static const struct {
		const char *path, *want;
	} rows[] = {
		{ "/", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n"
		       "Connection: close\r\n\r\nyes" },
		{ "/close", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
			    "to the end" },
		{ "/cut", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n"
			  "Connection: close\r\n\r\ncut" },
	};
	struct rig r;

	begin(&r);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[1024];
		struct buf out;
		int fd = open_client(&r, get(&r, rows[i].path, LAST, text));

		buf_init(&out, 1 << 20);
		hear(&r, fd, &out, NULL);
		CHECK_STR(out.data, rows[i].want);
		buf_finish(&out);
		close(fd);
	}
	turn(&r, 10000);
	CHECK_INT(r.freed, ARRAY_LEN(rows));
	finish(&r);
}

static void failures_are_told(void)
{
	static const struct {
		const char *target, *want;
	} rows[] = {
		{ "http://127.0.0.1:1/", "HTTP/1.1 403 Forbidden, blocked by" },
		{ "http://evil.example/", "X-Coop-Blocked: host\r\n" },
		{ "http://127.9.9.9/", "X-Coop-Blocked: address\r\n" },
		{ "/", "HTTP/1.1 400 Bad Request\r\n" },
	};
	struct rig r;

	begin(&r);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *slashes = strstr(rows[i].target, "//");
		const char *host = slashes ? slashes + 2 : "x/";
		char text[1024];
		struct buf out;

		snprintf(text, sizeof(text),
			 "GET %s HTTP/1.1\r\nHost: %.*s\r\n\r\n",
			 rows[i].target, (int)strcspn(host, "/"), host);
		int fd = open_client(&r, text);
		buf_init(&out, 1 << 20);
		hear(&r, fd, &out, NULL);
		tap_note("%s", rows[i].target);
		CHECK(strstr(out.data, rows[i].want) != NULL);
		buf_finish(&out);
		close(fd);
	}
	finish(&r);
}

static void a_server_that_says_nothing(void)
{
	struct rig r;
	char text[1024];
	struct buf out;

	begin(&r);
	int fd = open_client(&r, get(&r, "/nothing", LAST, text));
	buf_init(&out, 1 << 20);
	hear(&r, fd, &out, NULL);
	CHECK(str_starts(out.data, "HTTP/1.1 502 Bad Gateway\r\n"));
	buf_finish(&out);
	close(fd);
	finish(&r);
}

static void names_are_looked_up(void)
{
	struct rig r;
	char text[1024];
	struct buf out;

	begin(&r);
	snprintf(text, sizeof(text),
		 "GET http://localhost:%u/ HTTP/1.1\r\n"
		 "Host: LOCALHOST:%u\r\n" LAST "\r\n",
		 r.port, r.port);
	int fd = open_client(&r, text);
	buf_init(&out, 1 << 20);
	hear(&r, fd, &out, NULL);
	CHECK(strstr(out.data, "yes") != NULL);
	buf_finish(&out);
	close(fd);
	finish(&r);
}

static void connections_are_used_again(void)
{
	struct rig r;
	char text[1024];
	struct buf out;

	begin(&r);
	int fd = open_client(&r, get(&r, "/1", "", text));
	buf_init(&out, 1 << 20);
	hear(&r, fd, &out, "yes");
	CHECK(strstr(out.data, "Connection") == NULL);
	buf_clear(&out);
	say(fd, get(&r, "/2", "", text));
	hear(&r, fd, &out, "yes");
	buf_clear(&out);
	say(fd, "GET http://evil.example/ HTTP/1.1\r\n"
		"Host: evil.example\r\n\r\n");
	hear(&r, fd, &out, NULL);
	CHECK(strstr(out.data, "blocked by policy: evil.example") != NULL);
	CHECK(strstr(out.data, "yes") == NULL);
	buf_finish(&out);
	close(fd);
	finish(&r);
}

static void tunnels(void)
{
	struct rig r;
	char text[256];
	struct buf out;

	begin(&r);
	snprintf(text, sizeof(text),
		 "CONNECT 127.0.0.1:%u HTTP/1.1\r\n\r\necho these bytes",
		 r.port);
	int fd = open_client(&r, text);
	buf_init(&out, 1 << 20);
	hear(&r, fd, &out, NULL);
	CHECK_STR(out.data, "HTTP/1.1 200 Connection established\r\n\r\n"
			    "echo these bytes");
	buf_finish(&out);
	close(fd);
	finish(&r);
}

/* The last of a reply waits for a client that reads late. */
static void slow_reader_gets_all(void)
{
	struct rig r;
	char text[1024];
	struct buf out;

	begin(&r);
	int fd = open_client(&r, get(&r, "/big", LAST, text));
	buf_init(&out, 1 << 20);
	turn(&r, 3000); /* more than the time for an empty hand */
	CHECK_INT(r.box.conn_count, 1);
	hear(&r, fd, &out, NULL);
	CHECK(out.len > BIG);
	buf_finish(&out);
	close(fd);
	finish(&r);
}

/* Whenever a client goes, everything of it goes. */
static void clients_that_hang_up(void)
{
	static const char *const paths[] = { "/", "/big", "/silent", "/cut" };
	struct rig r;
	char text[1024];

	begin(&r);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		for (unsigned turns = 0; turns < 5; turns++) {
			int fd = open_client(&r, get(&r, paths[i], LAST, text));

			for (unsigned k = 0; k < turns; k++)
				loop_step(r.shared.loop, deadline_in_ms(1),
					  NULL);
			close(fd);
		}
	int half = open_client(&r, "GET http://127.0.0.1/ HT");
	close(half);
	/* but for those whose server is silent, which their box's end takes */
	turn(&r, 1000);
	CHECK(r.box.conn_count <= 5);
	finish(&r);
}

static void decisions_are_logged(void)
{
	struct rig r;
	char text[1024], lines[4096] = "";
	struct buf out;

	begin(&r);
	int fd = open_client(&r, get(&r, "/", "", text));
	buf_init(&out, 1 << 20);
	hear(&r, fd, &out, "yes");
	say(fd, "GET http://evil.example/ HTTP/1.1\r\n"
		"Host: evil.example\r\n\r\n");
	hear(&r, fd, &out, NULL);
	REQUIRE(read(r.log_fd, lines, sizeof(lines) - 1) > 0);
	CHECK(strstr(lines, "\"box\":\"box\",\"verdict\":\"allow\"") != NULL);
	CHECK(strstr(lines, "\"address\":\"127.0.0.1\"") != NULL);
	CHECK(strstr(lines, "\"verdict\":\"refuse\",\"why\":\"host\","
			    "\"method\":\"GET\",\"host\":\"evil.example\","
			    "\"port\":80}") != NULL);
	buf_finish(&out);
	close(fd);
	finish(&r);
}

static void log_lines_are_bounded(void)
{
	struct rig r;
	const struct proxy_decision d = { .method = "GET", .why = "host" };
	char block[4096];
	ssize_t n;
	unsigned lines = 0;

	begin(&r);
	REQUIRE(fd_set_nonblock(r.log_fd, true, NULL) == 0);
	for (int i = 0; i < 5000; i++) {
		proxy_box_log(&r.box, &d);
		while ((n = read(r.log_fd, block, sizeof(block))) > 0)
			for (ssize_t k = 0; k < n; k++)
				lines += block[k] == '\n';
	}
	CHECK(lines >= 500 && lines < 1000);
	CHECK(r.box.log_dropped > 0);
	finish(&r);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(replies_come_whole),
		TEST(failures_are_told),
		TEST(a_server_that_says_nothing),
		TEST(names_are_looked_up),
		TEST(connections_are_used_again),
		TEST(tunnels),
		TEST(slow_reader_gets_all),
		TEST(clients_that_hang_up),
		TEST(decisions_are_logged),
		TEST(log_lines_are_bounded),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
