/* SPDX-License-Identifier: Apache-2.0 */
/* Agents that do what the words of their message say, and the runtime round
 * them; what each word means stands in the header. */
#include "tests/agentlib/core/runtime_rig.h"

#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/str.h"
#include <stdlib.h>
#include <string.h>

/* ---- the words ---- */

struct command {
	char *target, *words; /* of > ! @ */
	char *next;
};

/* Cuts "T/K(…)" at the parenthesis that closes it. */
static struct command cut(char *s)
{
	struct command c = { .target = s };
	int depth = 1;

	s = strchr(s, '(');
	*s++ = '\0';
	c.words = s;
	for (; depth; s++)
		depth += (*s == '(') - (*s == ')');
	s[-1] = '\0';
	c.next = s;
	return c;
}

static int ask(struct runtime_actor *a, const struct turn *t, struct command c,
	       bool control, struct err *err)
{
	_auto_free_ char *memory = NULL;
	struct request q = { .from = t, .control = control };
	struct payload *answer = NULL;
	int rc = agent_id_parse(c.target, &q.to, &memory, err);

	if (rc < 0)
		return rc;
	q.payload = payload_json("Words", c.words);
	a->asking++;
	rc = runtime_send(t->runtime, &q, &answer, err);
	a->asking--;
	payload_unref(q.payload);
	payload_unref(answer);
	return rc;
}

static int publish(const struct turn *t, struct command c, struct err *err)
{
	_auto_free_ char *memory = NULL;
	struct publication p = { .from = t };
	int rc = topic_id_parse(c.target, &p.topic, &memory, err);

	if (rc < 0)
		return rc;
	p.payload = payload_json("Words", c.words);
	rc = runtime_publish(t->runtime, &p, err);
	payload_unref(p.payload);
	return rc;
}

static void clean_up(struct runtime_actor *a, unsigned ms)
{
	struct scope *shield = scope_shield(a->rig->engine, 5000);

	fiber_enter(shield);
	fiber_sleep(ms, NULL);
	fiber_leave(shield);
	scope_unref(shield);
}

static int obey(struct runtime_actor *a, const struct turn *t, char *s,
		struct err *err)
{
	unsigned cleanup = 0;
	int rc = 0;

	while (rc == 0 && *s) {
		char what = *s++;

		if (what == ' ')
			continue;
		if (what == '>' || what == '!' || what == '@') {
			struct command c = cut(s);

			rc = what == '@' ? publish(t, c, err)
					 : ask(a, t, c, what == '!', err);
			s = c.next;
			continue;
		}
		if (what == '=') {
			size_t len = strcspn(s, " ");

			buf_add(&a->rig->trace, s, len);
			buf_putc(&a->rig->trace, ' ');
			s += len;
			continue;
		}
		unsigned long n = strtoul(s, &s, 10);

		if (what == 's')
			rc = fiber_sleep(n, err);
		else if (what == 'c')
			cleanup = (unsigned)n;
		else if (what == 'f')
			rc = err_set(err, (enum err_code)n, "told to fail");
		else
			CHECK(!"known word");
	}
	if (rc == -ERR_CANCELLED && cleanup)
		clean_up(a, cleanup);
	return rc;
}

static int actor_handle(void *state, const struct turn *t, struct payload *p,
			struct payload **answer, struct err *err)
{
	struct runtime_actor *a = state;
	_auto_free_ char *words = mem_strdup(p->data);
	int rc;

	/* Whoever is inside already must be waiting for an answer. */
	if (!a->loose && a->inside > a->asking)
		a->rig->overlaps++;
	a->inside++;
	a->rig->running++;
	rc = obey(a, t, words, err);
	a->rig->running--;
	a->inside--;
	if (rc == 0 && t->is_rpc)
		*answer = payload_json("Done", words);
	return rc;
}

/* ---- the agents ---- */

static int make(void *arg, const struct agent_id *id, bool loose, void **state,
		struct err *err)
{
	struct runtime_actor *a;

	if (str_equal(id->key, "unmakable"))
		return err_set(err, ERR_UNAVAILABLE, "cannot be made");
	a = mem_new(struct runtime_actor);
	a->rig = arg;
	a->loose = loose;
	a->rig->made++;
	*state = a;
	return 0;
}

static int actor_create(void *arg, struct runtime *rt,
			const struct agent_id *id, void **state,
			struct err *err)
{
	return make(arg, id, false, state, err);
}

static int loose_create(void *arg, struct runtime *rt,
			const struct agent_id *id, void **state,
			struct err *err)
{
	return make(arg, id, true, state, err);
}

static void actor_save(void *state, struct json_writer *w)
{
	struct runtime_actor *a = state;

	jw_object(w);
	jw_kstring(w, "saved", a->saved);
	jw_end_object(w);
}

static int actor_load(void *state, const struct json *saved, struct err *err)
{
	struct runtime_actor *a = state;
	const char *s = json_string(json_get(saved, "saved"));

	if (!s)
		return err_set(err, ERR_INVALID, "nothing saved");
	str_copy(a->saved, sizeof(a->saved), s);
	return 0;
}

static int actor_close(void *state, struct err *err)
{
	struct runtime_actor *a = state;

	buf_puts(&a->rig->trace, "closed ");
	return fiber_sleep(1, err);
}

static void actor_destroy(void *state)
{
	struct runtime_actor *a = state;

	a->rig->destroyed++;
	mem_free(a);
}

const struct agent_class runtime_actor_class = {
	.description = "does what it is told",
	.create = actor_create,
	.handle = actor_handle,
	.save = actor_save,
	.load = actor_load,
	.close = actor_close,
	.destroy = actor_destroy,
};

const struct agent_class runtime_loose_class = {
	.overlap = true,
	.create = loose_create,
	.handle = actor_handle,
	.destroy = actor_destroy,
};

/* ---- the rig ---- */

static void observe(void *arg, const struct runtime_event *ev)
{
	static const char *const kinds[] = { "direct", "publish", "respond" };
	struct runtime_rig *r = arg;

	if (ev->type != RUNTIME_EVENT_MESSAGE)
		buf_printf(&r->events, "%s:%s ", runtime_event_name(ev->type),
			   kinds[ev->kind]);
}

struct start {
	struct runtime_rig *rig;
	const struct runtime_options *options;
	runtime_rig_fn *fn;
};

static int body(void *arg, struct err *err)
{
	static const char *const names[] = { "a", "b", "c", "d", "o" };
	struct start *s = arg;
	struct runtime_rig *r = s->rig;
	struct runtime_options o = { 0 };

	if (s->options)
		o = *s->options;
	o.observe = observe;
	o.observe_arg = r;
	r->engine = fiber_engine();
	r->rt = runtime_create(r->engine, &o);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct agent_type t = {
			.name = names[i],
			.agent_class = *names[i] == 'o' ? &runtime_loose_class
							: &runtime_actor_class,
			.arg = r,
		};

		REQUIRE(runtime_register(r->rt, &t, err) == 0);
	}
	REQUIRE(runtime_start(r->rt, err) == 0);
	s->fn(r);
	runtime_destroy(r->rt);
	fiber_yield();
	fiber_yield();
	CHECK_INT(engine_fibers(r->engine), 1);
	return 0;
}

void runtime_rig_run(const struct runtime_options *o, runtime_rig_fn *fn)
{
	struct engine_options eo = { .virtual_clock = true };
	struct runtime_rig r = { 0 };
	struct start s = { &r, o, fn };
	struct err err = { 0 };
	struct engine *e = engine_create(&eo, &err);

	REQUIRE(e != NULL);
	buf_init(&r.trace, 1 << 20);
	buf_init(&r.events, 1 << 20);
	CHECK_INT(engine_run(e, "test", body, &s, &err), 0);
	engine_destroy(e);
	CHECK_INT(r.overlaps, 0);
	CHECK_INT(r.running, 0);
	CHECK_INT(r.made, r.destroyed);
	buf_finish(&r.trace);
	buf_finish(&r.events);
}

int runtime_rig_ask(struct runtime_rig *r, const char *to, const char *words)
{
	_auto_free_ char *memory = NULL;
	struct request q = { 0 };
	struct payload *answer = NULL;
	int rc = agent_id_parse(to, &q.to, &memory, NULL);

	if (rc < 0)
		return rc;
	q.payload = payload_json("Words", words);
	rc = runtime_send(r->rt, &q, &answer, NULL);
	payload_unref(q.payload);
	payload_unref(answer);
	return rc;
}

struct later {
	struct runtime_rig *rig;
	char *to, *words;
	int *rc;
};

static void later(void *arg)
{
	struct later *l = arg;
	int rc = runtime_rig_ask(l->rig, l->to, l->words);

	if (l->rc)
		*l->rc = rc;
	mem_free(l->to);
	mem_free(l);
}

void runtime_rig_ask_later(struct runtime_rig *r, struct group *g,
			   const char *to_and_words, int *rc)
{
	struct later *l = mem_new(struct later);

	l->rig = r;
	l->to = mem_strdup(to_and_words);
	l->words = strchr(l->to, ' ');
	*l->words++ = '\0';
	l->rc = rc;
	REQUIRE(fiber_spawn(g, "ask", later, l, NULL) == 0);
}

int runtime_rig_publish(struct runtime_rig *r, const char *topic,
			const char *words)
{
	_auto_free_ char *memory = NULL;
	struct publication p = { 0 };
	int rc = topic_id_parse(topic, &p.topic, &memory, NULL);

	if (rc < 0)
		return rc;
	p.payload = payload_json("Words", words);
	rc = runtime_publish(r->rt, &p, NULL);
	payload_unref(p.payload);
	return rc;
}

const char *runtime_rig_listen(struct runtime_rig *r, const char *topic_type,
			       const char *agent_type)
{
	struct subscription s = { .topic_type = topic_type,
				  .agent_type = agent_type };
	const char *id = runtime_subscribe(r->rt, &s, NULL);

	CHECK(id != NULL);
	return id;
}
