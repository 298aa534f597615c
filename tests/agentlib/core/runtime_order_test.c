/* SPDX-License-Identifier: Apache-2.0 */
/* Who enters an agent when: one after the other, cycles of requests, control
 * messages, agents that overlap, interventions. */
#include "tests/agentlib/core/runtime_rig.h"
#include <string.h>

static void one_by_one_body(struct runtime_rig *r)
{
	struct group *g = group_create(r->engine, NULL);

	runtime_rig_ask_later(r, g, "a/x =a1 s20 =a2", NULL);
	runtime_rig_ask_later(r, g, "a/x =b1 s10 =b2", NULL);
	runtime_rig_ask_later(r, g, "a/y =y1 s25 =y2", NULL);
	runtime_rig_ask_later(r, g, "a/x =c", NULL);
	CHECK_INT(group_wait(g, NULL), 0);
	CHECK_STR(r->trace.data, "a1 y1 a2 b1 y2 b2 c ");
	group_destroy(g);
}

static void handlers_do_not_overlap(void)
{
	runtime_rig_run(NULL, one_by_one_body);
}

static void overlap_body(struct runtime_rig *r)
{
	struct group *g = group_create(r->engine, NULL);

	runtime_rig_ask_later(r, g, "o/x =a1 s20 =a2", NULL);
	runtime_rig_ask_later(r, g, "o/x =b1 s10 =b2", NULL);
	CHECK_INT(group_wait(g, NULL), 0);
	CHECK_STR(r->trace.data, "a1 b1 b2 a2 ");
	group_destroy(g);
}

static void unless_the_agent_says_so(void)
{
	runtime_rig_run(NULL, overlap_body);
}

static void cycle_body(struct runtime_rig *r)
{
	struct group *g = group_create(r->engine, NULL);

	/* to itself, round a corner, twice round */
	CHECK_INT(runtime_rig_ask(r, "a/x", "=1 >a/x(=2) =3"), 0);
	CHECK_INT(runtime_rig_ask(r, "a/x", ">b/x(>c/x(>a/x(=4 s5)))"), 0);
	CHECK_INT(runtime_rig_ask(r, "a/x", ">b/x(>a/x(>b/x(>a/x(=5 s5))))"),
		  0);
	/* one from elsewhere does not get in between */
	runtime_rig_ask_later(r, g, "a/x >b/x(s10 >a/x(=in s10)) =out", NULL);
	runtime_rig_ask_later(r, g, "a/x =after", NULL);
	CHECK_INT(group_wait(g, NULL), 0);
	CHECK_STR(r->trace.data, "1 2 3 4 5 in out after ");
	group_destroy(g);
}

static void a_cycle_of_requests_does_not_block(void)
{
	runtime_rig_run(NULL, cycle_body);
}

static void crossing_body(struct runtime_rig *r)
{
	struct group *g = group_create(r->engine, NULL);
	int rc[3] = { 1, 1, 1 };

	/* three calls that have nothing in common but their agents */
	runtime_rig_ask_later(r, g, "a/x s5 >b/x(=ab s5)", &rc[0]);
	runtime_rig_ask_later(r, g, "b/x s6 >c/x(=bc s5)", &rc[1]);
	runtime_rig_ask_later(r, g, "c/x s7 >a/x(=ca s5)", &rc[2]);
	CHECK_INT(group_wait(g, NULL), 0);
	CHECK_INT(rc[0] | rc[1] | rc[2], 0);
	CHECK_STR(r->trace.data, "ca bc ab ");
	group_destroy(g);
}

static void calls_that_cross_do_not_block(void)
{
	runtime_rig_run(NULL, crossing_body);
}

/* An agent that asks the words of its message, cut at "|", all at once. */
struct fork_ask {
	const struct turn *turn;
	struct agent_id to;
	char *words;
	struct err err;
	int rc;
};

static void fork_one(void *arg)
{
	struct fork_ask *f = arg;
	struct request q = { .from = f->turn, .to = f->to };

	q.payload = payload_json("Words", f->words);
	f->rc = runtime_send(f->turn->runtime, &q, NULL, &f->err);
	payload_unref(q.payload);
}

static int fork_handle(void *state, const struct turn *t, struct payload *p,
		       struct payload **answer, struct err *err)
{
	_auto_free_ char *words = mem_strdup(p->data);
	struct fork_ask asks[4] = { 0 };
	struct group *g = group_create(fiber_engine(), NULL);
	char *at = words;
	int n = 0, rc;

	for (; n < 4 && at; n++) {
		asks[n].turn = t;
		asks[n].to = (struct agent_id){ "a", "x" };
		asks[n].words = strsep(&at, "|");
		REQUIRE(fiber_spawn(g, "fork", fork_one, &asks[n], err) == 0);
	}
	rc = group_wait(g, err);
	while (rc == 0 && n-- > 0)
		rc = asks[n].rc;
	group_destroy(g);
	return rc;
}

static const struct agent_class fork_class = { .handle = fork_handle };

static void fork_body(struct runtime_rig *r)
{
	struct agent_type t = { "fork", &fork_class, NULL, false };

	REQUIRE(runtime_register(r->rt, &t, NULL) == 0);
	/* both come from inside a call of a/x, and one waits for the other */
	CHECK_INT(runtime_rig_ask(r, "a/x",
				  ">fork/f(=1 s10 =2|=3 s10 =4|>b/x(>a/x(=5)))"
				  " =end"),
		  0);
	CHECK_STR(r->trace.data, "1 2 3 4 5 end ");
}

static void two_from_inside_take_turns(void)
{
	runtime_rig_run(NULL, fork_body);
}

static void control_body(struct runtime_rig *r)
{
	struct group *g = group_create(r->engine, NULL);
	struct runtime_actor *a;
	void *state;

	runtime_rig_ask_later(r, g, "a/x =work s20 =done", NULL);
	runtime_rig_ask_later(r, g, "a/x =next", NULL);
	CHECK_INT(fiber_sleep(5, NULL), 0);
	REQUIRE(runtime_instance(r->rt, &(struct agent_id){ "a", "x" }, NULL,
				 &state, NULL) == 0);
	a = state;
	a->loose = true; /* a control message may meet another handler */
	CHECK_INT(runtime_rig_ask(r, "b/x", "!a/x(=control)"), 0);
	CHECK_STR(r->trace.data, "work control ");
	CHECK_INT(group_wait(g, NULL), 0);
	CHECK_STR(r->trace.data, "work control done next ");
	group_destroy(g);
}

static void control_messages_never_wait(void)
{
	runtime_rig_run(NULL, control_body);
}

/* ---- interventions ---- */

static int add_word(void *arg, const struct intervention_case *at,
		    struct payload **p, struct err *err)
{
	_auto_free_ char *words = NULL;

	if (!*p || (*p)->content_type == NULL)
		return 0;
	if (strstr((*p)->data, "drop"))
		return INTERVENTION_DROP;
	if (strstr((*p)->data, "refuse"))
		return err_set(err, ERR_UNAUTHENTICATED, "refused");
	words = mem_printf("%s =%s", (char *)(*p)->data, (char *)arg);
	payload_unref(*p);
	*p = payload_json("Words", words);
	return fiber_sleep(1, err);
}

static int end_answer(void *arg, const struct intervention_case *at,
		      struct payload **p, struct err *err)
{
	CHECK_STR(at->sender->type, "a");
	if (strstr((*p)->data, "silent"))
		return INTERVENTION_DROP;
	payload_unref(*p);
	*p = payload_json("Replaced", "null");
	return 0;
}

static void intervention_body(struct runtime_rig *r)
{
	static char first[] = "first", second[] = "second";
	struct intervention one = { add_word, add_word, NULL, first };
	struct intervention two = { add_word, NULL, end_answer, second };
	struct request q = { .to = { "a", "x" } };
	struct payload *answer = NULL;

	runtime_intervene(r->rt, &one);
	runtime_intervene(r->rt, &two);
	q.payload = payload_json("Words", "=word");
	CHECK_INT(runtime_send(r->rt, &q, &answer, NULL), 0);
	CHECK_STR(answer->type, "Replaced");
	payload_unref(answer);
	payload_unref(q.payload);
	CHECK_STR(r->trace.data, "word first second ");
	CHECK_INT(runtime_rig_ask(r, "a/x", "=drop"), -ERR_FORBIDDEN);
	CHECK_INT(runtime_rig_ask(r, "a/x", "=refuse"), -ERR_UNAUTHENTICATED);
	CHECK_INT(runtime_rig_publish(r, "a:t/x", "=drop"), 0);
	CHECK_INT(runtime_rig_publish(r, "a:t/x", "=refuse"), 0);
	CHECK_INT(runtime_rig_ask(r, "a/x", "=silent"), -ERR_FORBIDDEN);
	CHECK_STR(r->events.data,
		  "MessageDropped:direct MessageDropped:publish "
		  "MessageDropped:publish MessageDropped:respond ");
	/* and the runtime still becomes idle */
	CHECK_INT(runtime_stop_when_idle(r->rt, NULL), 0);
}

static void interventions_chain(void)
{
	runtime_rig_run(NULL, intervention_body);
}

/* ---- many ---- */

static void many_body(struct runtime_rig *r)
{
	struct group *g = group_create(r->engine, NULL);
	int rc[500];

	runtime_rig_listen(r, "news", "a");
	for (int i = 0; i < 5000; i++) {
		char topic[32];

		snprintf(topic, sizeof(topic), "news/%d", i);
		REQUIRE(runtime_rig_publish(r, topic, "s10") == 0);
	}
	for (int i = 0; i < 500; i++)
		runtime_rig_ask_later(r, g, "a/one s1", &rc[i]);
	CHECK_INT(group_wait(g, NULL), 0);
	for (int i = 0; i < 500; i++)
		CHECK_INT(rc[i], 0);
	CHECK_INT(runtime_stop_when_idle(r->rt, NULL), 0);
	CHECK_INT(r->made, 5001);
	group_destroy(g);
}

static void many_messages_and_agents(void)
{
	runtime_rig_run(NULL, many_body);
}

static void deep_body(struct runtime_rig *r)
{
	struct buf words;

	/* a request to itself without an end ends by the limit of depth */
	buf_init(&words, 1 << 20);
	for (int i = 0; i < 1100; i++)
		buf_puts(&words, ">a/x(");
	for (int i = 0; i < 1100; i++)
		buf_putc(&words, ')');
	CHECK_INT(runtime_rig_ask(r, "a/x", words.data), -ERR_TOO_LARGE);
	CHECK_INT(runtime_rig_ask(r, "a/x", "=fine"), 0);
	buf_finish(&words);
}

static void depth_is_bounded(void)
{
	runtime_rig_run(NULL, deep_body);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(handlers_do_not_overlap),
		TEST(unless_the_agent_says_so),
		TEST(a_cycle_of_requests_does_not_block),
		TEST(calls_that_cross_do_not_block),
		TEST(two_from_inside_take_turns),
		TEST(control_messages_never_wait),
		TEST(interventions_chain),
		TEST(many_messages_and_agents),
		TEST(depth_is_bounded),
		{ 0 }
	};

	return tap_main(tests, argc, argv);
}
