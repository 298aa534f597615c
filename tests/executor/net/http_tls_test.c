/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates, and HTTP/2 with few connections, against a real server. */
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/net/http.h"
#include "tests/support/http_probe.h"
#include "tests/support/service.h"
#include "tests/tap.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct world {
	struct loop *loop;
	struct http *http;
	struct service server;
	char dir[64], ca[128], url[64];
};

static void begin(struct world *w, const char *kind, const char *protocol)
{
	char *argv[] = { (char *)"tests/support/tls_server.sh", w->dir,
			 (char *)kind, (char *)protocol, NULL };

	memset(w, 0, sizeof(*w));
	snprintf(w->dir, sizeof(w->dir), "/tmp/coop-tls-XXXXXX");
	REQUIRE(mkdtemp(w->dir));
	snprintf(w->ca, sizeof(w->ca), "%s/cert.pem", w->dir);
	service_start(&w->server, argv);
	snprintf(w->url, sizeof(w->url), "https://127.0.0.1:%d",
		 w->server.port);
	w->loop = loop_create(NULL);
	w->http = http_create(w->loop, NULL);
	REQUIRE(w->loop && w->http);
}

static void remove_dir(const char *dir)
{
	pid_t pid = fork();

	if (pid == 0) {
		execl("/bin/rm", "rm", "-rf", dir, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

static void end(struct world *w)
{
	http_destroy(w->http);
	loop_destroy(w->loop);
	service_stop(&w->server);
	remove_dir(w->dir);
}

static void ask(struct world *w, struct http_probe *p, const char *ca)
{
	struct http_request req = { .url = w->url, .ca_file = ca };

	CHECK_INT(http_probe_start(p, w->http, &req), 0);
	http_probe_wait(p, w->loop);
}

static void trusted(void)
{
	struct http_probe p = { 0 };
	struct world w;

	begin(&w, "good", "h1");
	ask(&w, &p, w.ca);
	CHECK(!p.failed);
	CHECK_INT(p.status, 200);
	CHECK_STR(p.body.data, "{\"version\":\"1.1\",\"connections\":1}");
	http_probe_finish(&p);
	end(&w);
}

static void trusted_by_environment(void)
{
	struct http_probe p = { 0 };
	struct world w;

	begin(&w, "good", "h1");
	http_destroy(w.http);
	setenv("SSL_CERT_FILE", w.ca, 1);
	w.http = http_create(w.loop, NULL);
	ask(&w, &p, NULL);
	CHECK_INT(p.status, 200);
	http_probe_finish(&p);
	end(&w);
}

static void refused(const char *kind, bool known, const char *text)
{
	struct http_probe p = { 0 };
	struct world w;

	begin(&w, kind, "h1");
	ask(&w, &p, known ? w.ca : NULL);
	CHECK(p.failed && p.permanent);
	CHECK_INT(p.err.code, ERR_UNAVAILABLE);
	if (!CHECK(strstr(p.err.text, text) && strstr(p.err.text, w.url)))
		tap_note("%s", p.err.text);
	CHECK(p.err.remedy[0]);
	http_probe_finish(&p);
	end(&w);
}

static void untrusted(void)
{
	refused("good", false, "the certificate is self-signed");
	refused("expired", true, "the certificate has expired");
	refused("other", true, "the certificate is for another name");
}

static void no_ca_file(void)
{
	struct http_probe p = { 0 };
	struct world w;

	begin(&w, "good", "h1");
	ask(&w, &p, "/nowhere/ca.pem");
	CHECK(p.failed && p.permanent);
	CHECK(strstr(p.err.text, "/nowhere/ca.pem"));
	http_probe_finish(&p);
	end(&w);
}

static void plain_http_at_the_tls_port(void)
{
	struct http_probe p = { 0 };
	struct http_request req = { 0 };
	struct world w;

	begin(&w, "good", "h1");
	memmove(w.url + 4, w.url + 5, strlen(w.url + 5) + 1);
	req.url = w.url;
	CHECK_INT(http_probe_start(&p, w.http, &req), 0);
	http_probe_wait(&p, w.loop);
	CHECK(p.failed);
	CHECK_INT(p.err.code, ERR_UNAVAILABLE);
	http_probe_finish(&p);
	end(&w);
}

/* A server that goes away while we send must not end us by SIGPIPE. */
static void server_dies_in_mid_upload(void)
{
	size_t len = (size_t)32 * 1024 * 1024;
	struct http_probe p = { 0 };
	struct http_request req = { 0 };
	struct world w;

	begin(&w, "good", "h1");
	req.url = w.url;
	req.ca_file = w.ca;
	req.body = mem_zero(len, 1);
	req.body_len = len;
	CHECK_INT(http_probe_start(&p, w.http, &req), 0);
	for (int i = 0; i < 20 && !p.done; i++)
		loop_step(w.loop, deadline_in_ms(100), NULL);
	kill(w.server.pid, SIGKILL);
	http_probe_wait(&p, w.loop);
	mem_free((void *)req.body);
	http_probe_finish(&p);
	end(&w);
}

#define MANY 100

static double field(const struct http_probe *p, const char *name)
{
	_auto_json_ struct json *j = json_parse(p->body.data, p->body.len, 1000,
						NULL);

	return json_number(json_get(j, name), 0);
}

static void http2_shares_connections(void)
{
	struct http_probe first = { 0 }, *p = mem_zero(MANY, sizeof(*p));
	char slow[80];
	struct world w;
	double most = 0;

	begin(&w, "good", "h2");
	ask(&w, &first, w.ca);
	CHECK_STR(first.body.data, "{\"version\":\"2.0\",\"connections\":1}");
	snprintf(slow, sizeof(slow), "%s/slow", w.url);
	for (int i = 0; i < MANY; i++) {
		struct http_request req = { .url = slow, .ca_file = w.ca };

		CHECK_INT(http_probe_start(&p[i], w.http, &req), 0);
	}
	for (int i = 0; i < MANY; i++) {
		http_probe_wait(&p[i], w.loop);
		CHECK(!p[i].failed);
		if (field(&p[i], "connections") > most)
			most = field(&p[i], "connections");
		http_probe_finish(&p[i]);
	}
	tap_note("%d streams, %g connections", MANY, most);
	CHECK(most <= 11);
	http_probe_finish(&first);
	mem_free(p);
	end(&w);
}

static void http2_cancel(void)
{
	struct http_probe first = { 0 }, a = { 0 }, b = { 0 };
	struct http_request req = { 0 };
	char slow[80];
	struct world w;

	begin(&w, "good", "h2");
	ask(&w, &first, w.ca);
	snprintf(slow, sizeof(slow), "%s/slow", w.url);
	req.url = slow;
	req.ca_file = w.ca;
	CHECK_INT(http_probe_start(&a, w.http, &req), 0);
	CHECK_INT(http_probe_start(&b, w.http, &req), 0);
	for (int i = 0; i < 10 && !a.heads; i++)
		loop_step(w.loop, deadline_in_ms(100), NULL);
	http_cancel(a.call);
	http_probe_wait(&b, w.loop);
	CHECK(!b.failed && !a.done);
	http_probe_finish(&first);
	http_probe_finish(&a);
	http_probe_finish(&b);
	end(&w);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(trusted),
		TEST(trusted_by_environment),
		TEST(untrusted),
		TEST(no_ca_file),
		TEST(plain_http_at_the_tls_port),
		TEST(server_dies_in_mid_upload),
		TEST(http2_shares_connections),
		TEST(http2_cancel),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
