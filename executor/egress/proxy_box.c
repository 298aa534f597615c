/* SPDX-License-Identifier: Apache-2.0 */
/* Log lines of a box, as many as a box may cause. */
#include "executor/egress/proxy_box.h"

#include "executor/base/mem.h"

/* A box that asks without end must not fill the disk: so many at once, then so
 * many a second; what is left out is told in the next line. */
#define LINES_AT_ONCE 500
#define LINE_EVERY_NS (50 * CLOCK_MS)

static bool may_log(struct proxy_box *b)
{
	uint64_t now = clock_now_ns();
	uint64_t more = (now - b->log_filled_ns) / LINE_EVERY_NS;

	if (!b->log_filled_ns || b->log_left + more >= LINES_AT_ONCE) {
		b->log_left = LINES_AT_ONCE;
		b->log_filled_ns = now;
	} else if (more) {
		b->log_left += (unsigned)more;
		b->log_filled_ns += more * LINE_EVERY_NS;
	}
	if (!b->log_left)
		return false;
	b->log_left--;
	return true;
}

static const char *or_null(const char *s)
{
	return s && *s ? s : NULL;
}

void proxy_box_log(struct proxy_box *b, const struct proxy_decision *d)
{
	struct log_field fields[10];
	size_t n = 0;

	if (!may_log(b)) {
		b->log_dropped++;
		return;
	}
	fields[n++] = (struct log_field){ "box", b->id, 0 };
	fields[n++] = (struct log_field){ "verdict",
					  d->allowed ? "allow" : "refuse", 0 };
	fields[n++] = (struct log_field){ "why", d->why, 0 };
	if (or_null(d->method))
		fields[n++] = (struct log_field){ "method", d->method, 0 };
	if (or_null(d->host))
		fields[n++] = (struct log_field){ "host", d->host, 0 };
	if (d->port)
		fields[n++] = (struct log_field){ "port", NULL, d->port };
	if (or_null(d->rule))
		fields[n++] = (struct log_field){ "rule", d->rule, 0 };
	if (or_null(d->address))
		fields[n++] = (struct log_field){ "address", d->address, 0 };
	if (b->log_dropped)
		fields[n++] = (struct log_field){ "dropped", NULL,
						  (int64_t)b->log_dropped };
	b->log_dropped = 0;
	log_fields(b->shared->log, LOG_LEVEL_INFO, "egress", fields, n);
}
