/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The line grammar of event streams, byte by byte, so that no split of the
 * input matters. A stream that ends within an event loses that event, as the
 * standard says.
 */
#include "executor/net/sse.h"

#include "executor/base/str.h"

#include <string.h>

void sse_init(struct sse *s, size_t max, sse_fn *fn, void *arg)
{
	memset(s, 0, sizeof(*s));
	buf_init(&s->line, max);
	buf_init(&s->data, max);
	buf_init(&s->event, max);
	buf_init(&s->id, max);
	s->fn = fn;
	s->arg = arg;
}

void sse_finish(struct sse *s)
{
	buf_finish(&s->line);
	buf_finish(&s->data);
	buf_finish(&s->event);
	buf_finish(&s->id);
}

static int too_large(const struct sse *s, struct err *err)
{
	return err_set(err, ERR_TOO_LARGE,
		       "an event of the stream exceeds %zu bytes", s->line.max);
}

static int dispatch(struct sse *s, struct err *err)
{
	struct sse_event e = { .event = s->event.len ? s->event.data
						     : "message",
			       .id = s->id.data,
			       .data = s->data.data };
	bool wanted = s->has_data;
	int rc = 0;

	s->has_data = false;
	if (wanted)
		rc = s->fn(s->arg, &e, err);
	buf_clear(&s->data);
	buf_clear(&s->event);
	return rc;
}

static int add_field(struct sse *s, const char *name, const char *value,
		     struct err *err)
{
	struct buf *into;

	if (str_equal(name, "data")) {
		if (s->has_data && buf_putc(&s->data, '\n') < 0)
			return too_large(s, err);
		s->has_data = true;
		return buf_puts(&s->data, value) < 0 ? too_large(s, err) : 0;
	}
	if (str_equal(name, "event"))
		into = &s->event;
	else if (str_equal(name, "id"))
		into = &s->id;
	else
		return 0; /* retry and unknown fields */
	buf_clear(into);
	return buf_puts(into, value) < 0 ? too_large(s, err) : 0;
}

/* One line without its end; `line` may be changed. */
static int event_line(struct sse *s, char *line, size_t len, struct err *err)
{
	char *value;

	if (!s->started) {
		s->started = true;
		if (len >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0) {
			line += 3;
			len -= 3;
		}
	}
	if (len == 0)
		return dispatch(s, err);
	if (*line == ':')
		return 0;
	value = strchr(line, ':');
	if (!value)
		return add_field(s, line, "", err);
	*value++ = 0;
	if (*value == ' ')
		value++;
	return add_field(s, line, value, err);
}

static int plain_line(struct sse *s, char *line, size_t len, struct err *err)
{
	struct sse_event e = { .event = "message", .id = "", .data = line };

	return s->fn(s->arg, &e, err);
}

typedef int line_fn(struct sse *s, char *line, size_t len, struct err *err);

static int end_line(struct sse *s, line_fn *fn, struct err *err)
{
	int rc = fn(s, s->line.data, s->line.len, err);

	buf_clear(&s->line);
	return rc < 0 ? rc : 0;
}

int sse_feed(struct sse *s, const char *data, size_t len, struct err *err)
{
	const char *end = data + len;

	while (data < end) {
		size_t run = 0;
		int rc;

		if (s->cr && *data == '\n') {
			s->cr = false;
			data++;
			continue;
		}
		s->cr = false;
		while (data + run < end && data[run] != '\n' &&
		       data[run] != '\r')
			run++;
		if (buf_add(&s->line, data, run) < 0)
			return too_large(s, err);
		data += run;
		if (data == end)
			break;
		s->cr = *data++ == '\r';
		rc = end_line(s, event_line, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

int sse_feed_lines(struct sse *s, const char *data, size_t len, struct err *err)
{
	const char *end = data + len;

	while (data < end) {
		const char *stop = memchr(data, '\n', (size_t)(end - data));
		size_t run = (size_t)((stop ? stop : end) - data);
		int rc;

		if (buf_add(&s->line, data, run) < 0)
			return too_large(s, err);
		data += run;
		if (!stop)
			break;
		data++;
		if (s->line.len > 0 && s->line.data[s->line.len - 1] == '\r')
			s->line.data[--s->line.len] = 0;
		rc = end_line(s, plain_line, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}
