/* SPDX-License-Identifier: Apache-2.0 */
/* Lists that grow by words, each to its maximum. */
#include "executor/profile/network.h"

#include "executor/base/buf.h"
#include "executor/base/mem.h"
#include "executor/base/settings.h"
#include "executor/base/str.h"

static int set_mode(struct network *n, const char *value, struct err *err)
{
	if (!str_equal(value, "none") && !str_equal(value, "allow"))
		return err_set(err, ERR_INVALID,
			       "mode is none, or allow for the hosts of the "
			       "list");
	n->open = str_equal(value, "allow");
	return 0;
}

static int add_rule(struct net_rule **list, size_t *count, const char *word,
		    struct err *err)
{
	struct net_rule rule;
	int rc = net_rule_parse(&rule, word, err);

	if (rc < 0)
		return rc;
	if (*count == NETWORK_RULES_MAX)
		return err_set(err, ERR_TOO_LARGE, "more than %d hosts",
			       NETWORK_RULES_MAX);
	*list = mem_resize(*list, *count + 1, sizeof(**list));
	(*list)[(*count)++] = rule;
	return 0;
}

static int add_private(struct network *n, const char *word, struct err *err)
{
	struct net_range range;
	int rc = net_range_parse(&range, word, err);

	if (rc < 0)
		return rc;
	if (n->private_count == NETWORK_RANGES_MAX)
		return err_set(err, ERR_TOO_LARGE, "more than %d ranges",
			       NETWORK_RANGES_MAX);
	n->private_ranges = mem_resize(n->private_ranges, n->private_count + 1,
				       sizeof(range));
	n->private_ranges[n->private_count++] = range;
	return 0;
}

int network_key(struct network *n, const char *key, const char *value,
		struct err *err)
{
	_auto_free_ char *copy = mem_strdup(value);
	char *rest = copy, *word;
	int rc = 0;

	if (str_equal(key, "mode"))
		return set_mode(n, value, err);
	if (!str_equal(key, "allow") && !str_equal(key, "deny") &&
	    !str_equal(key, "allow_private"))
		return err_set(err, ERR_UNKNOWN, "there is no key \"%.64s\"",
			       key);
	while (rc >= 0 && (word = str_word(&rest))) {
		if (str_equal(key, "allow"))
			rc = add_rule(&n->allow, &n->allow_count, word, err);
		else if (str_equal(key, "deny"))
			rc = add_rule(&n->deny, &n->deny_count, word, err);
		else
			rc = add_private(n, word, err);
	}
	return rc;
}

void network_format(const struct network *n, struct buf *out)
{
	char rule[NET_RULE_TEXT], range[NET_RANGE_TEXT];

	buf_printf(out, "mode = %s\n", n->open ? "allow" : "none");
	for (size_t i = 0; i < n->allow_count; i++)
		buf_printf(out, "allow = %s\n",
			   net_rule_format(&n->allow[i], rule));
	for (size_t i = 0; i < n->deny_count; i++)
		buf_printf(out, "deny = %s\n",
			   net_rule_format(&n->deny[i], rule));
	for (size_t i = 0; i < n->private_count; i++)
		buf_printf(out, "allow_private = %s\n",
			   net_range_format(&n->private_ranges[i], range));
}

static int on_line(void *arg, const struct settings_line *l, struct err *err)
{
	return network_key(arg, l->key, l->value, err);
}

int network_parse(struct network *n, const char *text, size_t len,
		  struct err *err)
{
	return settings_parse("network", text, len, on_line, n, err);
}

void network_finish(struct network *n)
{
	if (!n)
		return;
	mem_free(n->allow);
	mem_free(n->deny);
	mem_free(n->private_ranges);
	*n = (struct network){ 0 };
}
