/* SPDX-License-Identifier: Apache-2.0 */
/* Ids, topics, subscriptions, payloads and events without a runtime. */
#include "agentlib/core/agent_id.h"

#include "agentlib/core/payload.h"
#include "agentlib/core/runtime_event.h"
#include "agentlib/core/subscription.h"
#include "agentlib/core/topic_id.h"
#include "executor/base/buf.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "tests/tap.h"

static const struct id_case {
	const char *text, *type, *rest; /* type NULL: not a topic */
	bool agent;                     /* an agent id, too */
} id_cases[] = {
	{ "a/b", "a", "b", true },
	{ "a.b-c_9/k/l", "a.b-c_9", "k/l", true },
	{ "a/", "a", "", true },
	{ "\xc3\xa9t\xc3\xa9/x", "\xc3\xa9t\xc3\xa9", "x", true },
	{ "a:b=c/x", "a:b=c", "x", false },
	{ "a b/x", NULL, NULL, false },
	{ "a\n/x", NULL, NULL, false },
	{ "\xff/x", NULL, NULL, false },
	{ "/x", NULL, NULL, false },
	{ "none", NULL, NULL, false },
	{ "", NULL, NULL, false },
};

static void ids_and_topics(void)
{
	for (size_t i = 0; i < ARRAY_LEN(id_cases); i++) {
		const struct id_case *c = &id_cases[i];
		char *ma = NULL, *mt = NULL, *back = NULL;
		struct agent_id a = { 0 };
		struct topic_id t = { 0 };
		int rc = agent_id_parse(c->text, &a, &ma, NULL);

		CHECK_INT(rc, c->agent ? 0 : -ERR_INVALID);
		if (rc == 0) {
			CHECK_STR(a.type, c->type);
			CHECK_STR(a.key, c->rest);
			back = agent_id_format(&a);
			CHECK_STR(back, c->text);
		}
		mem_free(back);
		rc = topic_id_parse(c->text, &t, &mt, NULL);
		CHECK_INT(rc, c->type ? 0 : -ERR_INVALID);
		if (rc == 0) {
			CHECK_STR(t.type, c->type);
			CHECK_STR(t.source, c->rest);
		}
		mem_free(ma);
		mem_free(mt);
	}
}

static void subscriptions(void)
{
	struct subscription a = { .topic_type = "t", .agent_type = "x" };
	struct subscription b = { SUBSCRIPTION_PREFIX, "t", "x", "id" };
	struct subscription same_id = { SUBSCRIPTION_TYPE, "q", "y", "id" };
	struct topic_id t = { "tt", "s" };
	struct subscriptions *s = subscriptions_create();
	struct agent_id id;
	size_t count;

	CHECK(!subscription_matches(&a, &t));
	CHECK_INT(subscription_map(&a, &t, &id, NULL), -ERR_INVALID);
	CHECK_INT(subscription_map(&b, &t, &id, NULL), 0);
	CHECK_STR(id.key, "s");
	CHECK(subscriptions_add(s, &a, NULL) != NULL);
	CHECK(subscriptions_add(s, &a, NULL) == NULL);
	CHECK_STR(subscriptions_add(s, &b, NULL), "id");
	CHECK(subscriptions_add(s, &same_id, NULL) == NULL);
	subscriptions_types(s, "t", &count);
	CHECK_INT(count, 1);
	CHECK_INT(subscriptions_remove(s, "id", NULL), 0);
	CHECK_INT(subscriptions_remove(s, "id", NULL), -ERR_NOT_FOUND);
	subscriptions_types(s, "tt", &count);
	CHECK_INT(count, 0);
	CHECK_INT(subscriptions_count(s), 1);
	subscriptions_destroy(s);
}

static unsigned ended;

static void end(void *object)
{
	ended++;
}

static void payloads(void)
{
	struct payload *p = payload_object("Thing", &ended, end);
	struct payload *u = payload_bytes("Unknown", PAYLOAD_PROTOBUF, "\0x",
					  2);

	CHECK(payload_get(p, "Thing") == &ended);
	CHECK(payload_get(p, "Other") == NULL);
	CHECK(payload_get(u, "Unknown") == NULL);
	CHECK_INT(u->len, 2);
	payload_unref(payload_ref(p));
	CHECK_INT(ended, 0);
	payload_unref(p);
	CHECK_INT(ended, 1);
	payload_unref(u);
}

static void events(void)
{
	struct payload *p = payload_json("T", "{}");
	struct agent_id from = { "a", "1" };
	struct topic_id topic = { "t", "s" };
	struct runtime_event ev = {
		.kind = RUNTIME_PUBLISH,
		.payload = p,
		.sender = &from,
		.topic = &topic,
	};
	struct json_writer w;
	struct buf b;

	buf_init(&b, 4096);
	jw_init(&w, &b);
	runtime_event_write(&ev, &w);
	CHECK_STR(b.data,
		  "{\"payload\":\"{}\",\"sender\":\"a/1\",\"receiver\":\"t/s\","
		  "\"kind\":\"MessageKind.PUBLISH\","
		  "\"delivery_stage\":\"DeliveryStage.SEND\","
		  "\"type\":\"Message\"}");
	buf_finish(&b);
	payload_unref(p);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(ids_and_topics),
		TEST(subscriptions),
		TEST(payloads),
		TEST(events),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
