/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one place that makes libcurl handles, and the callbacks that they call.
 * Runs inside libcurl, so nothing here may call a curl_multi function.
 */
#include "executor/net/http_call.h"

#include "executor/base/clock.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/net/http_error.h"
#include "executor/net/http_origin.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECT_MS 10000
#define IDLE_MS 120000
#define BODY_MAX ((size_t)64 * 1024 * 1024)

/* libcurl's own sockets are not close-on-exec at birth. */
static curl_socket_t open_socket(void *arg, curlsocktype purpose,
				 struct curl_sockaddr *a)
{
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static size_t on_header(char *line, size_t size, size_t count, void *arg)
{
	struct http_call *c = arg;
	size_t len = size * count;
	int rc;

	if (c->state != HTTP_CALL_RUNNING)
		return 0;
	c->active_ns = clock_now_ns();
	rc = http_head_line(&c->head, line, len, c->api->getdate, &c->err);
	if (rc < 0)
		return 0;
	if (rc > 0 && c->ev.head)
		c->ev.head(c->ev.arg, &c->head.reply);
	return c->state == HTTP_CALL_RUNNING ? len : 0;
}

static size_t on_body(char *data, size_t size, size_t count, void *arg)
{
	struct http_call *c = arg;
	size_t len = size * count;

	if (c->state != HTTP_CALL_RUNNING)
		return 0;
	c->active_ns = clock_now_ns();
	if (len > c->max_bytes - c->received) {
		err_set(&c->err, ERR_TOO_LARGE,
			"the reply of %s exceeds %zu bytes", c->origin,
			c->max_bytes);
		return 0;
	}
	c->received += len;
	if (c->ev.body)
		c->ev.body(c->ev.arg, data, len);
	return c->state == HTTP_CALL_RUNNING ? len : 0;
}

static int add_header(struct http_call *c, const char *line, struct err *err)
{
	struct curl_slist *longer;

	if (!strchr(line, ':') || line[strcspn(line, "\r\n")])
		return err_set(err, ERR_INVALID,
			       "a header is not one line \"Name: value\"");
	longer = c->api->slist_append(c->lines, line);
	if (!longer)
		return err_set(err, ERR_INTERNAL, "libcurl is out of memory");
	c->lines = longer;
	return 0;
}

static int set_headers(struct http_call *c, const struct http_request *req,
		       struct err *err)
{
	int rc;

	for (const char *const *h = req->headers; h && *h; h++) {
		rc = add_header(c, *h, err);
		if (rc < 0)
			return rc;
	}
	/* Else libcurl waits a second for "100 Continue" before large bodies. */
	rc = add_header(c, "Expect:", err);
	if (rc == 0)
		c->api->easy_setopt(c->easy, CURLOPT_HTTPHEADER, c->lines);
	return rc;
}

static void set_method(struct http_call *c, const struct http_request *req)
{
	const struct curl_api *a = c->api;
	bool body = req->body != NULL;

	if (body) {
		a->easy_setopt(c->easy, CURLOPT_POSTFIELDSIZE_LARGE,
			       (curl_off_t)req->body_len);
		a->easy_setopt(c->easy, CURLOPT_COPYPOSTFIELDS, req->body);
	}
	if (!req->method || (body && str_equal(req->method, "POST")))
		return;
	if (str_equal(req->method, "HEAD"))
		a->easy_setopt(c->easy, CURLOPT_NOBODY, 1L);
	else
		a->easy_setopt(c->easy, CURLOPT_CUSTOMREQUEST, req->method);
}

static bool proxy_wanted(const struct http_call *c)
{
	static const char *const names[] = { "https_proxy", "HTTPS_PROXY",
					     "http_proxy", "all_proxy",
					     "ALL_PROXY" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (getenv(names[i]) && *getenv(names[i]))
			return !http_origin_local(c->origin);
	return false;
}

/*
 * CAPATH off: Debian's build would read all of /etc/ssl/certs for every
 * connection (32 ms and 0.9 MB each). QUICK_EXIT: cancelling would wait for
 * the end of a name look-up.
 */
static void set_transport(struct http_call *c, const struct http_request *req)
{
	const struct curl_api *a = c->api;
	uint64_t connect_ms = req->connect_ms ? req->connect_ms : CONNECT_MS;

	a->easy_setopt(c->easy, CURLOPT_NOSIGNAL, 1L);
	a->easy_setopt(c->easy, CURLOPT_QUICK_EXIT, 1L);
	a->easy_setopt(c->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	a->easy_setopt(c->easy, CURLOPT_FOLLOWLOCATION, 0L);
	a->easy_setopt(c->easy, CURLOPT_HTTP_VERSION,
		       (long)CURL_HTTP_VERSION_2TLS);
	a->easy_setopt(c->easy, CURLOPT_SSLVERSION,
		       (long)CURL_SSLVERSION_TLSv1_2);
	a->easy_setopt(c->easy, CURLOPT_CAPATH, NULL);
	a->easy_setopt(c->easy, CURLOPT_CAINFO, c->ca_file);
	a->easy_setopt(c->easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	a->easy_setopt(c->easy, CURLOPT_TCP_KEEPALIVE, 1L);
	a->easy_setopt(c->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms);
	a->easy_setopt(c->easy, CURLOPT_TIMEOUT_MS, (long)req->total_ms);
	a->easy_setopt(c->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	if (req->unix_socket)
		a->easy_setopt(c->easy, CURLOPT_UNIX_SOCKET_PATH,
			       req->unix_socket);
	c->proxied = !req->unix_socket && proxy_wanted(c);
	if (!c->proxied)
		a->easy_setopt(c->easy, CURLOPT_PROXY, "");
}

static int set_all(struct http_call *c, const struct http_request *req,
		   struct err *err)
{
	const struct curl_api *a = c->api;

	a->easy_setopt(c->easy, CURLOPT_ERRORBUFFER, c->detail);
	a->easy_setopt(c->easy, CURLOPT_PRIVATE, c);
	a->easy_setopt(c->easy, CURLOPT_USERAGENT, "coop/" COOP_VERSION);
	a->easy_setopt(c->easy, CURLOPT_HEADERFUNCTION, on_header);
	a->easy_setopt(c->easy, CURLOPT_HEADERDATA, c);
	a->easy_setopt(c->easy, CURLOPT_WRITEFUNCTION, on_body);
	a->easy_setopt(c->easy, CURLOPT_WRITEDATA, c);
	set_transport(c, req);
	set_method(c, req);
	if (a->easy_setopt(c->easy, CURLOPT_URL, req->url) != CURLE_OK)
		return err_set(err, ERR_INVALID, "a URL cannot be used");
	return set_headers(c, req, err);
}

struct http_call *http_call_create(const struct curl_api *api,
				   const struct http_request *req,
				   const struct http_events *ev,
				   const char *ca_file, struct err *err)
{
	char *origin = http_origin(req->url, err);
	struct http_call *c;

	if (!origin)
		return NULL;
	c = mem_new(struct http_call);
	c->api = api;
	c->origin = origin;
	c->ev = *ev;
	c->ca_file = mem_strdup(req->ca_file ? req->ca_file : ca_file);
	c->idle_ms = req->idle_ms ? req->idle_ms : IDLE_MS;
	c->max_bytes = req->max_bytes ? req->max_bytes : BODY_MAX;
	c->active_ns = clock_now_ns();
	http_head_init(&c->head);
	c->easy = api->easy_init();
	if (!c->easy)
		err_set(err, ERR_INTERNAL, "libcurl is out of memory");
	if (!c->easy || set_all(c, req, err) < 0) {
		http_call_destroy(c);
		return NULL;
	}
	return c;
}

void http_call_destroy(struct http_call *c)
{
	if (!c)
		return;
	if (c->easy)
		c->api->easy_cleanup(c->easy);
	c->api->slist_free_all(c->lines);
	http_head_finish(&c->head);
	mem_free(c->origin);
	mem_free(c->ca_file);
	mem_free(c);
}

uint64_t http_call_idle_ns(struct http_call *c)
{
	curl_off_t sent = 0;

	c->api->easy_getinfo(c->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
	if (sent != c->uploaded) {
		c->uploaded = sent;
		c->active_ns = clock_now_ns();
	}
	return c->active_ns + c->idle_ms * CLOCK_MS;
}

int http_call_http2(struct http_call *c)
{
	long version = 0;

	c->api->easy_getinfo(c->easy, CURLINFO_HTTP_VERSION, &version);
	if (version == 0)
		return -1;
	return version == CURL_HTTP_VERSION_2_0;
}

bool http_call_failed(struct http_call *c, CURLcode code, struct err *err)
{
	struct http_failure f = {
		.code = (int)code,
		.origin = c->origin,
		.detail = c->detail[0] ? c->detail
				       : c->api->easy_strerror(code),
		.proxied = c->proxied,
		.ca_file = c->ca_file,
	};
	curl_off_t sending = 0;

	if (c->err.code != ERR_NONE) {
		*err = c->err;
		c->head.reply.permanent = err->code == ERR_TOO_LARGE;
		return true;
	}
	if (code == CURLE_OK)
		return false;
	c->api->easy_getinfo(c->easy, CURLINFO_OS_ERRNO, &f.os_errno);
	c->api->easy_getinfo(c->easy, CURLINFO_SSL_VERIFYRESULT, &f.verify);
	c->api->easy_getinfo(c->easy, CURLINFO_PRETRANSFER_TIME_T, &sending);
	f.connected = sending > 0;
	c->head.reply.permanent = http_error(&f, err);
	return true;
}
