/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets leave this process in a request's header and nowhere else. */
#include "agentlib/model/secret.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <string.h>
#include <strings.h>

const char *secret_value(const char *s)
{
	return s && *s && !str_equal(s, SECRET_MASK) ? s : NULL;
}

bool secret_header(const char *name)
{
	static const char *const names[] = { "authorization",
					     "proxy-authorization", "api-key",
					     "x-api-key", "cookie" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcasecmp(name, names[i]) == 0)
			return true;
	return false;
}

static void blot(char *from, size_t len)
{
	memset(from, '*', len);
}

void secret_redact(char *text, const char *secret)
{
	static const char ends[] = " \t\r\n\"'`,;)<>";
	char *p = text;

	/* onward, as a key of asterisks is still there after it */
	while (secret && *secret && (p = strstr(p, secret)) != NULL) {
		blot(p, strlen(secret));
		p += strlen(secret);
	}
	for (p = text; (p = strstr(p, "sk-")) != NULL;) {
		size_t len = strcspn(p, ends);

		/* "risk-free" and "sk-" alone are no keys. */
		if ((p == text || strchr(ends, p[-1]) || p[-1] == ':') &&
		    len > 8)
			blot(p, len);
		p += len;
	}
}

void secret_free(char *s)
{
	if (s)
		explicit_bzero(s, strlen(s));
	mem_free(s);
}
