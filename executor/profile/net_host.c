/* SPDX-License-Identifier: Apache-2.0 */
/* One grammar for names, narrower than what resolvers take. */
#include "executor/profile/net_host.h"

#include "executor/base/str.h"

#include <stdio.h>
#include <string.h>

#define LABEL_MAX 63

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool label_valid(const char *label, size_t len)
{
	if (!len || len > LABEL_MAX || label[0] == '-' || label[len - 1] == '-')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!is_letter(label[i]) && !is_digit(label[i]) &&
		    label[i] != '-' && label[i] != '_')
			return false;
	return true;
}

/* Dot-separated labels. The last begins with a letter, as all top domains do:
 * what does not is a number that some resolver would take for an address. */
static bool name_valid(const char *name, size_t len)
{
	size_t start = 0;

	if (!len || len > NET_HOST_MAX)
		return false;
	for (size_t i = 0; i <= len; i++) {
		if (i < len && name[i] != '.')
			continue;
		if (!label_valid(name + start, i - start))
			return false;
		if (i == len && !is_letter(name[start]))
			return false;
		start = i + 1;
	}
	return true;
}

static void take_name(struct net_host *out, const char *text, size_t len)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < len; i++)
		out->name[i] = text[i] >= 'A' && text[i] <= 'Z'
				       ? (char)(text[i] - 'A' + 'a')
				       : text[i];
}

static int take_address(struct net_host *out, const char *text, size_t len,
			struct err *err)
{
	bool bracketed = text[0] == '[' && text[len - 1] == ']';
	char copy[NET_ADDRESS_TEXT] = "";
	struct net_address a;

	if (bracketed) {
		text++;
		len -= 2;
	}
	if (len >= sizeof(copy) || memchr(text, '\0', len))
		return err_set(err, ERR_INVALID, "the address is malformed");
	memcpy(copy, text, len);
	/* brackets are IPv6's, also around one that means IPv4 */
	if (!net_address_parse(&a, copy) ||
	    bracketed != (strchr(copy, ':') != NULL))
		return err_set(err, ERR_INVALID, "the address is malformed");
	memset(out, 0, sizeof(*out));
	out->literal = true;
	out->address = a;
	net_address_format(&a, out->name);
	return 0;
}

int net_host_parse(struct net_host *out, const char *text, size_t len,
		   struct err *err)
{
	if (!len)
		return err_set(err, ERR_INVALID, "the host is empty");
	if (text[0] == '[' || is_digit(text[len - 1])) {
		struct net_host h;

		if (take_address(&h, text, len, NULL) == 0) {
			*out = h;
			return 0;
		}
		if (text[0] == '[')
			return err_set(err, ERR_INVALID,
				       "the address is malformed");
	}
	if (len > 1 && text[len - 1] == '.')
		len--;
	if (!name_valid(text, len)) {
		err_set(err, ERR_INVALID, "the host is no name and no address");
		return err_try(err, "letters, digits and - in labels; "
				    "international names as xn--…");
	}
	take_name(out, text, len);
	return 0;
}

const char *net_host_format(const struct net_host *h, char buf[NET_HOST_TEXT])
{
	if (h->literal && h->address.family == 6)
		snprintf(buf, NET_HOST_TEXT, "[%s]", h->name);
	else
		snprintf(buf, NET_HOST_TEXT, "%s", h->name);
	return buf;
}
