/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes URLs apart as far as we need it ourselves. What a URL really means is
 * libcurl's business.
 */
#include "executor/net/http_origin.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <string.h>
#include <strings.h>

#define URL_MAX 8192

static const char *skip_scheme(const char *url)
{
	if (strncasecmp(url, "http://", 7) == 0)
		return url + 7;
	if (strncasecmp(url, "https://", 8) == 0)
		return url + 8;
	return NULL;
}

char *http_origin(const char *url, struct err *err)
{
	const char *host = url ? skip_scheme(url) : NULL;
	const char *end, *at;

	if (!host) {
		err_set(err, ERR_INVALID, "\"%.100s\" is not a URL",
			url ? url : "");
		err_try(err, "begin it with http:// or https://");
		return NULL;
	}
	if (strlen(url) > URL_MAX) {
		err_set(err, ERR_INVALID, "a URL is longer than %d bytes",
			URL_MAX);
		return NULL;
	}
	for (const unsigned char *p = (const void *)url; *p; p++)
		if (*p <= ' ' || *p == 0x7f) {
			err_set(err, ERR_INVALID,
				"a URL contains a blank or control character");
			return NULL;
		}
	end = host + strcspn(host, "/?#");
	for (at = end; at > host && at[-1] != '@'; at--)
		;
	if (at == end || *at == ':') {
		err_set(err, ERR_INVALID, "a URL names no host");
		return NULL;
	}
	return mem_printf("%.*s%.*s", (int)(host - url), url, (int)(end - at),
			  at);
}

bool http_origin_local(const char *origin)
{
	const char *host = skip_scheme(origin);
	size_t len;

	if (!host)
		return false;
	if (*host == '[')
		return str_starts(host, "[::1]");
	len = strcspn(host, ":");
	if (len > 4 && strncmp(host, "127.", 4) == 0)
		return strspn(host, "0123456789.") == len;
	return len == 9 && strncasecmp(host, "localhost", len) == 0;
}

static size_t position(const struct http_origins *s, const char *origin)
{
	size_t i = 0;

	while (i < HTTP_ORIGINS_MAX && !str_equal(s->names[i], origin))
		i++;
	return i;
}

bool http_origins_has(const struct http_origins *s, const char *origin)
{
	return position(s, origin) < HTTP_ORIGINS_MAX;
}

void http_origins_add(struct http_origins *s, const char *origin)
{
	if (http_origins_has(s, origin))
		return;
	mem_free(s->names[s->next]);
	s->names[s->next] = mem_strdup(origin);
	s->next = (s->next + 1) % HTTP_ORIGINS_MAX;
}

void http_origins_remove(struct http_origins *s, const char *origin)
{
	size_t i = position(s, origin);

	if (i == HTTP_ORIGINS_MAX)
		return;
	mem_free(s->names[i]);
	s->names[i] = NULL;
}

void http_origins_finish(struct http_origins *s)
{
	for (size_t i = 0; i < HTTP_ORIGINS_MAX; i++)
		mem_free(s->names[i]);
	memset(s, 0, sizeof(*s));
}
