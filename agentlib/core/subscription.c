/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Since the key is always the topic's source, the recipients of a topic follow
 * from its type alone: that list is kept for topic types seen lately and thrown
 * away when a subscription comes or goes.
 */
#include "agentlib/core/subscription.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"
#include <string.h>

#define SUBSCRIPTION_SEEN 256 /* a power of two; one topic type a place */

struct subscription_seen {
	char *topic_type;
	const char **types;
	size_t count;
};

struct subscriptions {
	struct subscription *items; /* their strings are owned */
	size_t count, room;
	struct subscription_seen seen[SUBSCRIPTION_SEEN];
};

static const char *topic_type_of(const struct subscription *s)
{
	return s->topic_type ? s->topic_type : TOPIC_DEFAULT;
}

static bool type_matches(const struct subscription *s, const char *type)
{
	return s->kind == SUBSCRIPTION_PREFIX
		       ? str_starts(type, topic_type_of(s))
		       : str_equal(type, topic_type_of(s));
}

bool subscription_matches(const struct subscription *s,
			  const struct topic_id *topic)
{
	return type_matches(s, topic->type);
}

int subscription_map(const struct subscription *s, const struct topic_id *topic,
		     struct agent_id *out, struct err *err)
{
	if (!subscription_matches(s, topic))
		return err_set(err, ERR_INVALID,
			       "topic %s does not match the subscription",
			       topic->type);
	out->type = s->agent_type;
	out->key = topic->source;
	return 0;
}

bool subscription_equal(const struct subscription *a,
			const struct subscription *b)
{
	if (a->id && b->id && str_equal(a->id, b->id))
		return true;
	return a->kind == b->kind &&
	       str_equal(topic_type_of(a), topic_type_of(b)) &&
	       str_equal(a->agent_type, b->agent_type);
}

struct subscriptions *subscriptions_create(void)
{
	return mem_new(struct subscriptions);
}

static void seen_clear(struct subscription_seen *seen)
{
	mem_free(seen->topic_type);
	mem_free(seen->types);
	memset(seen, 0, sizeof(*seen));
}

static void seen_forget(struct subscriptions *s)
{
	for (size_t i = 0; i < SUBSCRIPTION_SEEN; i++)
		seen_clear(&s->seen[i]);
}

static void subscription_finish(struct subscription *s)
{
	mem_free((char *)s->topic_type);
	mem_free((char *)s->agent_type);
	mem_free((char *)s->id);
}

void subscriptions_destroy(struct subscriptions *s)
{
	if (!s)
		return;
	seen_forget(s);
	for (size_t i = 0; i < s->count; i++)
		subscription_finish(&s->items[i]);
	mem_free(s->items);
	mem_free(s);
}

const char *subscriptions_add(struct subscriptions *s,
			      const struct subscription *one, struct err *err)
{
	char uuid[STR_UUID_SIZE];
	struct subscription *item;

	if (agent_type_check(one->agent_type, err) < 0 ||
	    topic_type_check(topic_type_of(one), err) < 0)
		return NULL;
	for (size_t i = 0; i < s->count; i++)
		if (subscription_equal(&s->items[i], one)) {
			err_set(err, ERR_CONFLICT,
				"there is an equal subscription of %s to %s",
				one->agent_type, topic_type_of(one));
			return NULL;
		}
	if (s->count == s->room) {
		s->room = s->room ? 2 * s->room : 8;
		s->items = mem_resize(s->items, s->room, sizeof(*s->items));
	}
	if (!one->id)
		str_uuid4(uuid);
	item = &s->items[s->count++];
	item->kind = one->kind;
	item->topic_type = mem_strdup(topic_type_of(one));
	item->agent_type = mem_strdup(one->agent_type);
	item->id = mem_strdup(one->id ? one->id : uuid);
	seen_forget(s);
	return item->id;
}

int subscriptions_remove(struct subscriptions *s, const char *id,
			 struct err *err)
{
	size_t i = 0;

	while (i < s->count && !str_equal(s->items[i].id, id))
		i++;
	if (i == s->count)
		return err_set(err, ERR_NOT_FOUND,
			       "there is no subscription %s", id);
	seen_forget(s);
	subscription_finish(&s->items[i]);
	s->count--;
	memmove(&s->items[i], &s->items[i + 1],
		(s->count - i) * sizeof(*s->items));
	return 0;
}

size_t subscriptions_count(const struct subscriptions *s)
{
	return s->count;
}

const struct subscription *subscriptions_at(const struct subscriptions *s,
					    size_t i)
{
	return i < s->count ? &s->items[i] : NULL;
}

static bool seen_has(const struct subscription_seen *seen, const char *type)
{
	for (size_t i = 0; i < seen->count; i++)
		if (str_equal(seen->types[i], type))
			return true;
	return false;
}

static void seen_fill(struct subscription_seen *seen,
		      const struct subscriptions *s, const char *topic_type)
{
	size_t room = 0;

	seen_clear(seen);
	seen->topic_type = mem_strdup(topic_type);
	for (size_t i = 0; i < s->count; i++) {
		const struct subscription *one = &s->items[i];

		if (!type_matches(one, topic_type) ||
		    seen_has(seen, one->agent_type))
			continue;
		if (seen->count == room) {
			room = room ? 2 * room : 4;
			seen->types = mem_resize(seen->types, room,
						 sizeof(*seen->types));
		}
		seen->types[seen->count++] = one->agent_type;
	}
}

const char *const *subscriptions_types(struct subscriptions *s,
				       const char *topic_type, size_t *count)
{
	struct subscription_seen *seen;
	size_t h = 5381;

	for (const char *c = topic_type; *c; c++)
		h = h * 33 + (unsigned char)*c;
	seen = &s->seen[h & (SUBSCRIPTION_SEEN - 1)];
	if (!seen->topic_type || !str_equal(seen->topic_type, topic_type))
		seen_fill(seen, s, topic_type);
	*count = seen->count;
	return seen->types;
}
