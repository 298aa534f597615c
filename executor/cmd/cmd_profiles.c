/* SPDX-License-Identifier: Apache-2.0 */
/* `coop profiles`: their names, what they are for, defaults and ceilings. */
#include "executor/cmd/verbs.h"

#include "executor/base/buf.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "executor/cmd/list_options.h"
#include "executor/cmd/say.h"
#include "executor/profile/profile.h"
#include "executor/run/places.h"

#include <stdio.h>
#include <unistd.h>

static void write_limits(struct json_writer *w, const char *key,
			 const struct limits *l)
{
	jw_key(w, key);
	jw_object(w);
	for (const struct limit_row *row = limit_rows; row->name; row++) {
		uint64_t value = limit_get(l, row);

		jw_key(w, row->json);
		if (value)
			jw_uint(w, value);
		else
			jw_null(w); /* none of its own */
	}
	jw_end_object(w);
}

static void write_rules(struct json_writer *w, const char *key,
			const struct net_rule *rules, size_t count)
{
	char text[NET_RULE_TEXT];

	jw_key(w, key);
	jw_array(w);
	for (size_t i = 0; i < count; i++)
		jw_string(w, net_rule_format(&rules[i], text));
	jw_end_array(w);
}

static void write_network(struct json_writer *w, const struct network *n)
{
	char text[NET_RANGE_TEXT];

	jw_key(w, "network");
	jw_object(w);
	jw_kstring(w, "mode", n->open ? "allow" : "none");
	write_rules(w, "allow", n->allow, n->allow_count);
	write_rules(w, "deny", n->deny, n->deny_count);
	jw_key(w, "allow_private");
	jw_array(w);
	for (size_t i = 0; i < n->private_count; i++)
		jw_string(w, net_range_format(&n->private_ranges[i], text));
	jw_end_array(w);
	jw_end_object(w);
}

static void show_json(struct json_writer *w, const struct profile *p)
{
	jw_object(w);
	jw_kstring(w, "name", p->name);
	jw_kstring(w, "summary", p->summary);
	jw_kstring(w, "inherits", *p->parent ? p->parent : NULL);
	write_limits(w, "defaults", &p->limits.def);
	write_limits(w, "ceilings", &p->limits.max);
	write_network(w, &p->network);
	jw_end_object(w);
}

static void show_network(struct buf *out, const struct network *n)
{
	char text[NET_RULE_TEXT];

	buf_printf(out, "             %-12s %s\n", "network",
		   n->open ? "allow" : "none");
	for (size_t i = 0; n->open && i < n->allow_count; i++)
		buf_printf(out, "             %-12s %s\n", "  allow",
			   net_rule_format(&n->allow[i], text));
	for (size_t i = 0; n->open && i < n->deny_count; i++)
		buf_printf(out, "             %-12s %s\n", "  deny",
			   net_rule_format(&n->deny[i], text));
	for (size_t i = 0; n->open && i < n->private_count; i++)
		buf_printf(out, "             %-12s %s\n", "  private",
			   net_range_format(&n->private_ranges[i], text));
}

static void show_text(struct buf *out, const struct profile *p)
{
	char def[32], max[32];

	buf_printf(out, "%-12s %s\n", p->name, p->summary ? p->summary : "");
	for (const struct limit_row *row = limit_rows; row->name; row++) {
		uint64_t d = limit_get(&p->limits.def, row);
		uint64_t m = limit_get(&p->limits.max, row);

		if (!d)
			continue;
		buf_printf(out, "             %-12s %s..%s\n", row->name,
			   limit_format(row, d, def, sizeof(def)),
			   m ? limit_format(row, m, max, sizeof(max)) : "all");
	}
	show_network(out, &p->network);
}

static int show(const char *share, char *const *names, bool json,
		struct err *err)
{
	struct json_writer w;
	struct buf out;
	int rc = 0;

	buf_init(&out, 1024 * 1024);
	jw_init(&w, &out);
	if (json)
		jw_array(&w);
	for (; *names && rc >= 0; names++) {
		struct profile *p;

		rc = profile_load(&p, share, *names, err);
		if (rc < 0)
			break;
		if (json)
			show_json(&w, p);
		else
			show_text(&out, p);
		profile_destroy(p);
	}
	if (json) {
		jw_end_array(&w);
		buf_putc(&out, '\n');
	}
	if (rc >= 0)
		say_bytes(STDOUT_FILENO, out.data, out.len);
	buf_finish(&out);
	return rc;
}

int cmd_profiles(int argc, char **argv)
{
	struct list_options o;
	struct err err = { 0 };
	_auto_free_ char *share = NULL;
	char **names = NULL;
	int status = list_options_parse(&o, argc, argv,
					"coop profiles [--json]",
					"Lists the profiles with defaults and "
					"ceilings of their limits.");

	if (status >= 0)
		return status;
	share = places_share(o.share, &err);
	if (share)
		names = profile_names(share, &err);
	status = 0;
	if (!names || show(share, names, o.json, &err) < 0)
		status = say_err(&err, o.json);
	profile_names_free(names);
	return status;
}
