/* SPDX-License-Identifier: Apache-2.0 */
/* The empty workbench: nothing to list, nothing to call, nothing loads into
 * it. */
#include "agentlib/tool/static_workbench.h"

#include "agentlib/core/workbench.h"
#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "tests/tap.h"
#include <string.h>

static void has_no_tools(void)
{
	struct workbench *b = static_workbench_create();
	char id[] = "1", name[] = "add", arguments[] = "{}";
	struct function_call call = { id, arguments, name };
	struct function_result result = { 0 };
	struct json_writer w;
	struct buf out;

	buf_init(&out, 1000);
	jw_init(&w, &out);
	jw_array(&w);
	CHECK_INT(workbench_list(b, &w, NULL), 0);
	jw_end_array(&w);
	CHECK_STR(out.data, "[]");
	buf_finish(&out);
	CHECK_INT(workbench_call(b, &call, &result, NULL), 0);
	CHECK(result.is_error);
	CHECK_STR(result.content, "Tool add not found.");
	CHECK_STR(result.call_id, "1");
	mem_free(result.content);
	mem_free(result.name);
	mem_free(result.call_id);
	workbench_unref(b);
}

static void loads_only_empty(void)
{
	static const struct component_class *const floor[] = {
		&static_workbench_class, &static_stream_workbench_class, NULL
	};
	static const struct component_class *const *const floors[] = { floor,
								       NULL };
	static const struct {
		const char *text, *pointer;
	} rows[] = {
		{ "{\"provider\":\"autogen_core.tools.StaticWorkbench\","
		  "\"config\":{\"tools\":[]}}",
		  NULL },
		{ "{\"provider\":\"autogen_core.tools.StaticStreamWorkbench\","
		  "\"config\":{\"tools\":[],\"tool_overrides\":{}}}",
		  NULL },
		{ "{\"provider\":\"autogen_core.tools.StaticWorkbench\","
		  "\"config\":{\"tools\":[{}]}}",
		  "/config/tools" },
		{ "{\"provider\":\"autogen_core.tools.StaticWorkbench\","
		  "\"config\":{\"tools\":{}}}",
		  "/config/tools" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct component_ctx ctx = { .floors = floors };
		_auto_json_ struct json *j = json_parse(rows[i].text,
							strlen(rows[i].text),
							1 << 20, NULL);
		struct workbench *b = component_load(&ctx, j, NULL,
						     COMPONENT_WORKBENCH);

		CHECK((b != NULL) == (rows[i].pointer == NULL));
		if (rows[i].pointer && CHECK(ctx.fault_count == 1))
			CHECK_STR(ctx.faults[0].pointer, rows[i].pointer);
		workbench_unref(b);
		component_ctx_finish(&ctx);
	}
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = { TEST(has_no_tools),
						 TEST(loads_only_empty),
						 { 0 } };

	return tap_main(tests, argc, argv);
}
