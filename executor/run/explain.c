/* SPDX-License-Identifier: Apache-2.0 */
/* Words for reasons. The numbers are those that were enforced. */
#include "executor/run/explain.h"

#include "executor/base/buf.h"
#include "executor/base/str.h"
#include "executor/spec/result.h"

#include <inttypes.h>

static void say_output(const struct result *r, struct buf *out)
{
	const char *which = "standard output";
	char size[32];

	if (r->stderr_truncated)
		which = r->stdout_truncated ? "both outputs" : "standard error";
	buf_printf(out,
		   "output_limit: more than %s on %s, its middle is left "
		   "out",
		   str_format_size(r->limits.output_bytes, size, sizeof(size)),
		   which);
}

static void say(const struct result *r, enum reason reason, struct buf *out)
{
	char text[32];

	switch (reason) {
	case REASON_TIME:
		buf_printf(out, "time_limit: ended after %s",
			   str_format_time(r->limits.time_ms, text,
					   sizeof(text)));
		break;
	case REASON_CPU:
		buf_printf(out, "cpu_limit: used up %s of cpu time",
			   str_format_time(r->limits.cpu_time_ms, text,
					   sizeof(text)));
		break;
	case REASON_MEMORY:
		buf_printf(out, "memory_limit: needed more than %s",
			   str_format_size(r->limits.memory_bytes, text,
					   sizeof(text)));
		break;
	case REASON_OUTPUT:
		say_output(r, out);
		break;
	case REASON_PROCESSES:
		buf_printf(out,
			   "processes_limit: wanted more than %" PRIu64
			   " processes",
			   r->limits.processes);
		break;
	case REASON_CANCELLED:
		buf_puts(out, "cancelled");
		break;
	case REASON_BROKEN:
		buf_printf(out, "sandbox_error: %s", r->message);
		break;
	}
}

bool explain_result(const struct result *r, char *buf, size_t size)
{
	struct buf out;

	buf_init(&out, 4096); /* str_copy() cuts, a buf would refuse */
	if (r->status == RUN_COMPILE_FAILED)
		buf_puts(&out, "compile_failed: it did not compile");
	for (unsigned i = 0; i < r->reason_count; i++) {
		if (out.len)
			buf_puts(&out, "; ");
		say(r, r->reasons[i], &out);
	}
	if (!out.len && *r->message)
		buf_puts(&out, r->message);
	str_copy(buf, size, out.data);
	buf_finish(&out);
	return *buf != '\0';
}
