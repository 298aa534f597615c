/* SPDX-License-Identifier: Apache-2.0 */
/* What all model contexts have in common: the list, its state, counting. */
#include "agentlib/core/model_context.h"

#include "agentlib/core/component_origin.h"
#include "agentlib/core/field.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"

void llm_list_add(struct llm_list *l, struct llm_message *m)
{
	if (l->count == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 8;
		l->items = mem_resize(l->items, l->cap, sizeof(*l->items));
	}
	l->items[l->count++] = llm_ref(m);
}

void llm_list_finish(struct llm_list *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->count; i++)
		llm_unref(l->items[i]);
	mem_free(l->items);
	*l = (struct llm_list){ 0 };
}

void model_context_add(struct model_context *c, struct llm_message *m)
{
	llm_list_add(&c->all, m);
}

int model_context_view(struct model_context *c, struct llm_list *out,
		       struct err *err)
{
	return c->ops->view(c, out, err);
}

size_t model_context_mark(const struct model_context *c)
{
	return c->all.count;
}

void model_context_rewind(struct model_context *c, size_t mark)
{
	while (c->all.count > mark)
		llm_unref(c->all.items[--c->all.count]);
}

void model_context_clear(struct model_context *c)
{
	llm_list_finish(&c->all);
}

void model_context_save(const struct model_context *c, struct json_writer *w)
{
	jw_object(w);
	jw_key(w, "messages");
	jw_array(w);
	for (size_t i = 0; i < c->all.count; i++)
		llm_write(c->all.items[i], w);
	jw_end_array(w);
	jw_end_object(w);
}

int model_context_load(struct model_context *c, const struct json *state,
		       struct err *err)
{
	const struct json *list, *e;
	struct llm_list loaded = { 0 };
	int r = field_object(state, "the state of a model context", err);

	if (r == 0)
		r = field_array(state, "messages", &list, err);
	if (r < 0)
		return r;
	for (e = json_child(list); e; e = json_next(e)) {
		struct llm_message *m = llm_read(e, err);

		if (!m) {
			r = field_below_item(err, "messages", loaded.count);
			llm_list_finish(&loaded);
			return r;
		}
		llm_list_add(&loaded, m);
		llm_unref(m);
	}
	llm_list_finish(&c->all);
	c->all = loaded;
	return 0;
}

struct model_context *model_context_ref(struct model_context *c)
{
	if (c)
		c->refs++;
	return c;
}

void model_context_unref(struct model_context *c)
{
	if (!c || --c->refs > 0)
		return;
	llm_list_finish(&c->initial);
	llm_list_finish(&c->all);
	component_origin_free(c->origin);
	c->ops->destroy(c);
}
