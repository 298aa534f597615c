/* SPDX-License-Identifier: Apache-2.0 */
/* The client against a real server on loopback. */
#include "executor/net/http.h"

#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "tests/support/http_probe.h"
#include "tests/support/replay_server.h"
#include "tests/tap.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct world {
	struct loop *loop;
	struct http *http;
	struct replay_server server;
};

static void begin(struct world *w, const char *recording)
{
	struct err err = { 0 };

	w->loop = loop_create(&err);
	REQUIRE(w->loop);
	w->http = http_create(w->loop, &err);
	REQUIRE(w->http);
	if (recording)
		replay_server_start(&w->server, recording);
}

static void end(struct world *w)
{
	http_destroy(w->http);
	loop_destroy(w->loop);
	if (w->server.service.pid)
		replay_server_stop(&w->server);
}

static void ask(struct world *w, struct http_probe *p,
		const struct http_request *req)
{
	CHECK_INT(http_probe_start(p, w->http, req), 0);
	CHECK(!p->done);
	http_probe_wait(p, w->loop);
}

static void get_and_post(void)
{
	static const char *const headers[] = { "X-Mine: 1", NULL };
	struct http_probe a = { 0 }, b = { 0 };
	struct world w = { 0 };
	_auto_json_ struct json *log0 = NULL, *log1 = NULL;

	begin(&w, "[{\"body\":[1,2],\"headers\":{\"X-A\":\"b\"}},"
		  "{\"status\":404,\"headers\":{\"Retry-After\":\"3\"}}]");
	ask(&w, &a,
	    &(struct http_request){ .url = w.server.url, .headers = headers });
	CHECK(!a.failed);
	CHECK_INT(a.status, 200);
	CHECK_STR(a.type, "application/json");
	CHECK_STR(a.body.data, "[1,2]");
	ask(&w, &b,
	    &(struct http_request){
		    .url = w.server.url, .body = "{}", .body_len = 2 });
	CHECK(!b.failed);
	CHECK_INT(b.status, 404);
	CHECK_INT(b.heads, 1);
	CHECK_INT(b.retry_after_ms, 3000);
	CHECK_STR(b.body.data, "");
	log0 = replay_server_log(&w.server, 0);
	CHECK_STR(json_string(json_get(log0, "method")), "GET");
	CHECK_STR(json_string(json_get(log0, "path")), "/v1");
	CHECK_STR(json_string(json_get(json_get(log0, "headers"), "x-mine")),
		  "1");
	log1 = replay_server_log(&w.server, 1);
	CHECK_STR(json_string(json_get(log1, "method")), "POST");
	CHECK(!json_get(json_get(log1, "headers"), "expect"));
	http_probe_finish(&a);
	http_probe_finish(&b);
	end(&w);
}

static void byte_by_byte(void)
{
	struct http_probe p = { 0 };
	struct world w = { 0 };

	begin(&w, "[{\"body\":\"0123456789\",\"split\":1}]");
	ask(&w, &p, &(struct http_request){ .url = w.server.url });
	CHECK_INT(p.status, 200);
	CHECK_STR(p.body.data, "\"0123456789\"");
	http_probe_finish(&p);
	end(&w);
}

static void large_body_up(void)
{
	size_t len = (size_t)8 * 1024 * 1024;
	char *body = mem_zero(len, 1);
	struct http_probe p = { 0 };
	struct world w = { 0 };

	memset(body, 'a', len);
	begin(&w, "[{\"body\":1}]");
	ask(&w, &p,
	    &(struct http_request){
		    .url = w.server.url, .body = body, .body_len = len });
	CHECK_INT(p.status, 200);
	mem_free(body);
	http_probe_finish(&p);
	end(&w);
}

/* A port on which nobody listens, or one that never answers. */
static int socket_on(uint16_t *port, bool listening)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	REQUIRE(bind(fd, (void *)&a, sizeof(a)) == 0);
	REQUIRE(!listening || listen(fd, 10) == 0);
	REQUIRE(getsockname(fd, (void *)&a, &len) == 0);
	*port = ntohs(a.sin_port);
	return fd;
}

static void fails(const struct http_request *req, enum err_code code,
		  const char *text)
{
	struct http_probe p = { 0 };
	struct world w = { 0 };

	begin(&w, NULL);
	ask(&w, &p, req);
	CHECK(p.failed);
	CHECK_INT(p.err.code, code);
	if (!CHECK(strstr(p.err.text, text)))
		tap_note("%s", p.err.text);
	CHECK_INT(p.status, 0);
	http_probe_finish(&p);
	end(&w);
}

static void refused(void)
{
	uint16_t port;
	int fd = socket_on(&port, false);
	_auto_free_ char *url = mem_printf("http://u:secret@127.0.0.1:%d/",
					   port);
	_auto_free_ char *want = mem_printf("connection to http://127.0.0.1:%d "
					    "refused",
					    port);

	fails(&(struct http_request){ .url = url }, ERR_UNAVAILABLE, want);
	close(fd);
}

static void no_such_host(void)
{
	fails(&(struct http_request){ .url = "http://nothing.invalid/" },
	      ERR_UNAVAILABLE, "the host of http://nothing.invalid cannot be");
}

static void silence(void)
{
	uint16_t port;
	int fd = socket_on(&port, true);
	_auto_free_ char *plain = mem_printf("http://127.0.0.1:%d/", port);
	_auto_free_ char *tls = mem_printf("https://127.0.0.1:%d/", port);

	fails(&(struct http_request){ .url = plain, .idle_ms = 50 },
	      ERR_DEADLINE, "has been silent for 0.05 seconds");
	fails(&(struct http_request){ .url = plain, .total_ms = 50 },
	      ERR_DEADLINE, "did not answer in time");
	fails(&(struct http_request){ .url = tls, .connect_ms = 50 },
	      ERR_DEADLINE, "no connection to https://127.0.0.1");
	close(fd);
}

#define SLOW "{\"data\":\"a\",\"delay_ms\":300},"

static void idle_is_reset_by_bytes(void)
{
	struct http_probe p = { 0 };
	struct world w = { 0 };

	begin(&w, "[{\"chunks\":[" SLOW SLOW SLOW SLOW SLOW SLOW SLOW
		  "{\"data\":\"b\",\"delay_ms\":300}]}]");
	ask(&w, &p,
	    &(struct http_request){ .url = w.server.url, .idle_ms = 2000 });
	CHECK(!p.failed);
	CHECK_STR(p.body.data, "aaaaaaab");
	http_probe_finish(&p);
	end(&w);
}

static void breaks(const char *recording, size_t max, enum err_code code,
		   const char *text)
{
	struct http_probe p = { 0 };
	struct world w = { 0 };

	begin(&w, recording);
	ask(&w, &p,
	    &(struct http_request){ .url = w.server.url, .max_bytes = max });
	CHECK(p.failed);
	CHECK_INT(p.err.code, code);
	if (!CHECK(strstr(p.err.text, text)))
		tap_note("%s", p.err.text);
	http_probe_finish(&p);
	end(&w);
}

static void broken_replies(void)
{
	breaks("[{\"body\":\"0123456789\"}]", 11, ERR_TOO_LARGE,
	       "exceeds 11 bytes");
	breaks("[{\"close\":true}]", 0, ERR_UNAVAILABLE,
	       "closed the connection without an answer");
	breaks("[{\"chunks\":[{\"data\":\"abc\"}],\"close\":true}]", 0,
	       ERR_UNAVAILABLE, "broke off");
	breaks("[{\"raw\":\"HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\nabc\","
	       "\"close\":true}]",
	       0, ERR_UNAVAILABLE, "broke off");
	breaks("[{\"raw\":\"no HTTP at all\\r\\n\\r\\n\",\"close\":true}]", 0,
	       ERR_UNAVAILABLE, "does not speak HTTP");
}

static void bad_requests(void)
{
	static const char *const header[] = { "X: a\r\nY: b", NULL };
	static const char *const no_header[] = { "X", NULL };
	const struct http_request rows[] = {
		{ .url = "ftp://127.0.0.1/" },
		{ .url = "127.0.0.1" },
		{ .url = "http://a b/" },
		{ .url = "http://127.0.0.1/", .headers = header },
		{ .url = "http://127.0.0.1/", .headers = no_header },
	};
	struct world w = { 0 };

	begin(&w, NULL);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct http_probe p = { 0 };

		CHECK_INT(http_probe_start(&p, w.http, &rows[i]), -ERR_INVALID);
		CHECK(p.err.text[0]);
		http_probe_finish(&p);
	}
	end(&w);
}

#define ENDLESS                                                                \
	"[{\"repeat\":true,\"chunks\":[{\"data\":\"a\"},"                      \
	"{\"data\":\"b\",\"delay_ms\":60000}]}]"

static void cancel_self(struct http_probe *p)
{
	http_cancel(p->call);
	*(bool *)p->arg = true;
}

static void cancel_in_callback(void)
{
	bool cancelled = false;
	struct http_probe p = { .piece = cancel_self, .arg = &cancelled };
	_auto_json_ struct json *line = NULL;
	struct world w = { 0 };

	begin(&w, ENDLESS);
	CHECK_INT(http_probe_start(&p, w.http,
				   &(struct http_request){
					   .url = w.server.url }),
		  0);
	REQUIRE(loop_until(w.loop, &cancelled, deadline_in_ms(20000), NULL) ==
		0);
	for (int i = 0; i < 3; i++)
		loop_step(w.loop, deadline_in_ms(1), NULL);
	line = replay_server_log(&w.server, 1);
	CHECK(json_bool(json_get(line, "closed"), false));
	CHECK(!p.done);
	http_probe_finish(&p);
	end(&w);
}

static void raise_flag(struct http_probe *p)
{
	*(bool *)p->arg = true;
}

static void cancel_outside(void)
{
	bool flowing = false;
	struct http_probe p = { .piece = raise_flag, .arg = &flowing };
	struct http_probe early = { 0 };
	_auto_json_ struct json *line = NULL;
	struct world w = { 0 };

	begin(&w, ENDLESS);
	CHECK_INT(http_probe_start(&early, w.http,
				   &(struct http_request){
					   .url = w.server.url }),
		  0);
	http_cancel(early.call);
	http_cancel(NULL);
	CHECK_INT(http_probe_start(&p, w.http,
				   &(struct http_request){
					   .url = w.server.url }),
		  0);
	REQUIRE(loop_until(w.loop, &flowing, deadline_in_ms(20000), NULL) == 0);
	http_cancel(p.call);
	/* No step of the loop between: the connection closes at once. */
	line = replay_server_log(&w.server, 1);
	CHECK(json_bool(json_get(line, "closed"), false));
	CHECK(!p.done && !early.done);
	http_probe_finish(&p);
	http_probe_finish(&early);
	end(&w);
}

/* Cancels its neighbour and starts a third call, inside libcurl's callback. */
struct trio {
	struct world w;
	struct http_probe first, second, third;
	bool acted;
};

static void act(struct http_probe *p)
{
	struct trio *t = p->arg;

	if (t->acted)
		return;
	t->acted = true;
	http_cancel(t->second.call);
	CHECK_INT(http_probe_start(&t->third, t->w.http,
				   &(struct http_request){
					   .url = t->w.server.url }),
		  0);
}

static void reentrance(void)
{
	struct trio t = { .first = { .piece = act, .arg = &t } };

	begin(&t.w, "[{\"repeat\":true,\"chunks\":[{\"data\":\"a\"},"
		    "{\"data\":\"b\",\"delay_ms\":50}]}]");
	CHECK_INT(http_probe_start(&t.first, t.w.http,
				   &(struct http_request){
					   .url = t.w.server.url }),
		  0);
	CHECK_INT(http_probe_start(&t.second, t.w.http,
				   &(struct http_request){
					   .url = t.w.server.url }),
		  0);
	http_probe_wait(&t.first, t.w.loop);
	http_probe_wait(&t.third, t.w.loop);
	CHECK_STR(t.third.body.data, "ab");
	CHECK(!t.second.done);
	http_probe_finish(&t.first);
	http_probe_finish(&t.second);
	http_probe_finish(&t.third);
	end(&t.w);
}

static void destroy_in_flight(void)
{
	struct http_probe p[5] = { 0 };
	struct world w = { 0 };

	begin(&w, ENDLESS);
	for (int i = 0; i < 5; i++)
		CHECK_INT(http_probe_start(&p[i], w.http,
					   &(struct http_request){
						   .url = w.server.url }),
			  0);
	while (p[4].body.len == 0)
		loop_step(w.loop, deadline_in_ms(100), NULL);
	end(&w);
	for (int i = 0; i < 5; i++) {
		CHECK(!p[i].done);
		http_probe_finish(&p[i]);
	}
}

#define MANY 200

static void many_streams(void)
{
	struct http_probe *p = mem_zero(MANY, sizeof(*p));
	struct world w = { 0 };

	begin(&w, "[{\"repeat\":true,\"reply\":\"one two three four five\","
		  "\"pause_ms\":20}]");
	for (int i = 0; i < MANY; i++)
		CHECK_INT(http_probe_start(&p[i], w.http,
					   &(struct http_request){
						   .url = w.server.url,
						   .body = "{\"stream\":true}",
						   .body_len = 15 }),
			  0);
	for (int i = 0; i < MANY; i++) {
		http_probe_wait(&p[i], w.loop);
		CHECK(!p[i].failed);
		CHECK(strstr(p[i].body.data, "\" five\""));
		CHECK(strstr(p[i].body.data, "[DONE]"));
		http_probe_finish(&p[i]);
	}
	CHECK_INT(replay_server_count(&w.server), MANY);
	mem_free(p);
	end(&w);
}

static void no_proxy_for_loopback(void)
{
	struct http_probe p = { 0 };
	struct world w = { 0 };

	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("all_proxy", "http://127.0.0.1:1", 1);
	begin(&w, "[{\"body\":1}]");
	ask(&w, &p, &(struct http_request){ .url = w.server.url });
	CHECK_INT(p.status, 200);
	http_probe_finish(&p);
	end(&w);
}

static void proxy_is_used_and_named(void)
{
	struct http_probe p = { 0 };
	struct world w = { 0 };

	setenv("http_proxy", "http://127.0.0.1:1", 1);
	begin(&w, NULL);
	ask(&w, &p, &(struct http_request){ .url = "http://a.invalid/" });
	CHECK(p.failed);
	CHECK(strstr(p.err.remedy, "proxy"));
	http_probe_finish(&p);
	end(&w);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(get_and_post),
		TEST(byte_by_byte),
		TEST(large_body_up),
		TEST(refused),
		TEST(no_such_host),
		TEST(silence),
		TEST(idle_is_reset_by_bytes),
		TEST(broken_replies),
		TEST(bad_requests),
		TEST(cancel_in_callback),
		TEST(cancel_outside),
		TEST(reentrance),
		TEST(destroy_in_flight),
		TEST(many_streams),
		TEST(no_proxy_for_loopback),
		TEST(proxy_is_used_and_named),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
