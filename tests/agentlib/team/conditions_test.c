/* SPDX-License-Identifier: Apache-2.0 */
/* When conditions fire and the exact words they do it with. */
#include "agentlib/core/termination.h"

#include "agentlib/team/and_or.h"
#include "agentlib/team/max_message.h"
#include "agentlib/team/stop_message.h"
#include "agentlib/team/text_mention.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/tap.h"

/* One message; the list is given in one call. */
struct said {
	enum message_type type;
	const char *source, *content;
};

/* "source: content" of the stop message, "" when it does not fire. */
static char *check(struct termination *t, const struct said *said, size_t n)
{
	struct message *m[8], *stop = NULL;
	struct err err = { 0 };
	char *text;

	REQUIRE(n <= ARRAY_LEN(m));
	for (size_t i = 0; i < n; i++) {
		m[i] = message_new(said[i].type, said[i].source,
				   said[i].content);
		if (said[i].type == MESSAGE_CODE_EXECUTION)
			m[i]->output = mem_strdup(said[i].content);
	}
	if (termination_check(t, m, n, &stop, &err) < 0)
		text = mem_printf("%s: %s", err_name(err.code), err.text);
	else if (stop)
		text = mem_printf("%s: %s", stop->source, stop->content);
	else
		text = mem_strdup("");
	if (stop)
		CHECK_INT(stop->type, MESSAGE_STOP);
	message_unref(stop);
	for (size_t i = 0; i < n; i++)
		message_unref(m[i]);
	return text;
}

#define FIRES(t, want, ...)                                                    \
	do {                                                                   \
		static const struct said said_[] = { __VA_ARGS__ };            \
		_auto_free_ char *got_ = check((t), said_, ARRAY_LEN(said_));  \
		CHECK_STR(got_, (want));                                       \
	} while (0)

static void max_message(void)
{
	struct termination *t = max_message_create(3, false);
	struct termination *e = max_message_create(2, true);

	FIRES(t, "", { MESSAGE_TEXT, "a", "1" }, { MESSAGE_THOUGHT, "a", "-" });
	FIRES(t,
	      "MaxMessageTermination: Maximum number of messages 3 reached, "
	      "current message count: 4",
	      { MESSAGE_TEXT, "a", "2" }, { MESSAGE_STOP, "b", "3" },
	      { MESSAGE_TEXT, "c", "4" });
	FIRES(t, "conflict: Termination condition has already been reached",
	      { MESSAGE_TEXT, "a", "5" });
	termination_reset(t);
	FIRES(t, "", { MESSAGE_TEXT, "a", "1" });
	FIRES(e,
	      "MaxMessageTermination: Maximum number of messages 2 reached, "
	      "current message count: 2",
	      { MESSAGE_TEXT, "a", "1" }, { MESSAGE_THOUGHT, "a", "-" });
	termination_unref(t);
	termination_unref(e);
}

static void text_mention(void)
{
	static char anna[] = "anna";
	static char *sources[] = { anna };
	struct termination *any = text_mention_create("DONE", NULL, 0);
	struct termination *one = text_mention_create("DONE", sources, 1);
	struct termination *none = text_mention_create("DONE", sources, 0);

	FIRES(any, "", { MESSAGE_TEXT, "a", "done" });
	FIRES(any, "TextMentionTermination: Text 'DONE' mentioned",
	      { MESSAGE_CODE_EXECUTION, "b", "all DONE." });
	FIRES(one, "", { MESSAGE_TEXT, "bert", "DONE" });
	FIRES(one, "TextMentionTermination: Text 'DONE' mentioned",
	      { MESSAGE_TEXT, "bert", "x" }, { MESSAGE_TEXT, "anna", "DONE" });
	FIRES(none, "", { MESSAGE_TEXT, "anna", "DONE" });
	termination_unref(any);
	termination_unref(one);
	termination_unref(none);
}

static void stop_message(void)
{
	struct termination *t = stop_message_create();

	FIRES(t, "", { MESSAGE_TEXT, "a", "stop" });
	FIRES(t, "StopMessageTermination: Stop message received",
	      { MESSAGE_STOP, "a", "" });
	termination_unref(t);
}

static void and_waits_for_all(void)
{
	struct termination *parts[] = { max_message_create(2, false),
					text_mention_create("X", NULL, 0) };
	struct termination *t = and_create(parts, 2);

	FIRES(t, "", { MESSAGE_TEXT, "a", "X" });
	FIRES(t,
	      "TextMentionTermination, MaxMessageTermination: Text 'X' "
	      "mentioned, Maximum number of messages 2 reached, current "
	      "message count: 2",
	      { MESSAGE_TEXT, "a", "y" });
	FIRES(t, "conflict: Termination condition has already been reached",
	      { MESSAGE_TEXT, "a", "y" });
	termination_reset(t);
	FIRES(t, "", { MESSAGE_TEXT, "a", "y" });
	termination_unref(t);
	termination_unref(parts[0]);
	termination_unref(parts[1]);
}

static void or_stops_at_the_first(void)
{
	struct termination *parts[] = { max_message_create(2, false),
					text_mention_create("X", NULL, 0) };
	struct termination *t = or_create(parts, 2);

	FIRES(t, "", { MESSAGE_TEXT, "a", "y" });
	FIRES(t,
	      "MaxMessageTermination: Maximum number of messages 2 reached, "
	      "current message count: 2",
	      { MESSAGE_TEXT, "a", "y" });
	termination_reset(t);
	FIRES(t,
	      "MaxMessageTermination, TextMentionTermination: Maximum number "
	      "of messages 2 reached, current message count: 2, Text 'X' "
	      "mentioned",
	      { MESSAGE_TEXT, "a", "y" }, { MESSAGE_TEXT, "a", "X" });
	termination_unref(t);
	termination_unref(parts[0]);
	termination_unref(parts[1]);
}

/* (max & text) | stop */
static void nested(void)
{
	struct termination *inner[] = { max_message_create(2, false),
					text_mention_create("X", NULL, 0) };
	struct termination *outer[] = { and_create(inner, 2),
					stop_message_create() };
	struct termination *t = or_create(outer, 2);

	FIRES(t, "", { MESSAGE_TEXT, "a", "y" }, { MESSAGE_TEXT, "a", "y" });
	FIRES(t, "StopMessageTermination: Stop message received",
	      { MESSAGE_STOP, "a", "" });
	termination_reset(t);
	FIRES(t, "", { MESSAGE_TEXT, "a", "X" });
	FIRES(t,
	      "TextMentionTermination, MaxMessageTermination: Text 'X' "
	      "mentioned, Maximum number of messages 2 reached, current "
	      "message count: 2",
	      { MESSAGE_TEXT, "a", "y" });
	termination_unref(t);
	for (int i = 0; i < 2; i++) {
		termination_unref(inner[i]);
		termination_unref(outer[i]);
	}
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = { TEST(max_message),
						 TEST(text_mention),
						 TEST(stop_message),
						 TEST(and_waits_for_all),
						 TEST(or_stops_at_the_first),
						 TEST(nested),
						 { 0 } };

	return tap_main(tests, argc, argv);
}
