/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a loader is inside a component file, and what it has found there:
 * the JSON Pointer so far, faults, notices.
 */
#include "agentlib/core/component.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*
 * Steps beyond the tables are counted but not written, so that every enter has
 * its leave; COMPONENT_DEPTH_MAX and the depth of JSON keep that from mattering.
 */
void component_enter(struct component_ctx *ctx, const char *key)
{
	size_t at = strlen(ctx->pointer);

	if (ctx->steps < COMPONENT_STEPS_MAX) {
		ctx->marks[ctx->steps] = (uint16_t)at;
		snprintf(ctx->pointer + at, sizeof(ctx->pointer) - at, "/%s",
			 key);
	}
	ctx->steps++;
}

void component_leave(struct component_ctx *ctx)
{
	if (ctx->steps == 0)
		return;
	ctx->steps--;
	if (ctx->steps < COMPONENT_STEPS_MAX)
		ctx->pointer[ctx->marks[ctx->steps]] = '\0';
}

/* One reference token of a JSON Pointer: ~ and / of strangers' keys escaped. */
void component_escape(const char *key, char *out, size_t size)
{
	size_t n = 0;

	for (; *key && n + 3 < size; key++) {
		if (*key == '~' || *key == '/') {
			out[n++] = '~';
			out[n++] = *key == '~' ? '0' : '1';
		} else {
			out[n++] = *key;
		}
	}
	out[n] = '\0';
}

void component_fault(struct component_ctx *ctx, const char *key,
		     const char *fmt, ...)
{
	struct component_fault *f;
	va_list ap;

	if (ctx->fault_count >= COMPONENT_FAULTS_MAX)
		return;
	ctx->faults = mem_resize(ctx->faults, ctx->fault_count + 1,
				 sizeof(*ctx->faults));
	f = &ctx->faults[ctx->fault_count++];
	memset(f, 0, sizeof(*f));
	if (key)
		component_enter(ctx, key);
	str_copy(f->pointer, sizeof(f->pointer), ctx->pointer);
	if (key)
		component_leave(ctx);
	va_start(ap, fmt);
	vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
}

void component_fault_try(struct component_ctx *ctx, const char *fmt, ...)
{
	struct component_fault *f;
	va_list ap;

	if (ctx->fault_count == 0)
		return;
	f = &ctx->faults[ctx->fault_count - 1];
	va_start(ap, fmt);
	vsnprintf(f->remedy, sizeof(f->remedy), fmt, ap);
	va_end(ap);
}

void component_notice(struct component_ctx *ctx, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (!ctx->notice)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ctx->notice(ctx->notice_arg, ctx->pointer, text);
}

void component_ctx_finish(struct component_ctx *ctx)
{
	if (!ctx)
		return;
	mem_free(ctx->faults);
	ctx->faults = NULL;
	ctx->fault_count = 0;
}
