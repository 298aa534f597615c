/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads configs into struct jail_options. What a container can do and the jail
 * does not (volumes, commands at start, injected functions) is a fault, since
 * code would fail in ways nobody understands; what only names the container is
 * covered by the one notice.
 */
#include "agentlib/runner/jail_class.h"

#include "agentlib/core/code_executor.h"
#include "agentlib/runner/jail.h"
#include "agentlib/runner/jail_exec.h"
#include "agentlib/runner/work_dir.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include <stddef.h>

enum unit { UNIT_TIME, UNIT_SIZE, UNIT_COUNT, UNIT_MILLI };

/* Members of "limits"; the wall time of a block is "timeout". */
struct limit_member {
	const char *key;
	enum unit unit;
	size_t offset; /* in struct coop_limits */
};

#define MEMBER(key, unit, field)                                               \
	{                                                                      \
		key, unit, offsetof(struct coop_limits, field)                 \
	}

static const struct limit_member limit_members[] = {
	MEMBER("cpu_time", UNIT_TIME, cpu_time_ms),
	MEMBER("memory", UNIT_SIZE, memory_bytes),
	MEMBER("processes", UNIT_COUNT, processes),
	MEMBER("output", UNIT_SIZE, output_bytes),
	MEMBER("disk", UNIT_SIZE, disk_bytes),
	MEMBER("files", UNIT_COUNT, files),
	MEMBER("open_files", UNIT_COUNT, open_files),
	MEMBER("stack", UNIT_SIZE, stack_bytes),
	MEMBER("cpus", UNIT_MILLI, cpu_milli),
};

#define LIMIT_NAMES                                                            \
	"cpu_time, memory, processes, output, disk, files, open_files, "       \
	"stack, cpus"

static int parse_text(const char *text, enum unit unit, uint64_t *out,
		      struct err *err)
{
	switch (unit) {
	case UNIT_TIME:
		return str_parse_time(text, out, err);
	case UNIT_SIZE:
		return str_parse_size(text, out, err);
	case UNIT_MILLI:
		return str_parse_milli(text, 1, UINT32_MAX, out, err);
	default:
		return str_parse_uint(text, 1, UINT32_MAX, out, err);
	}
}

/* A string with a unit, or a number in seconds, bytes or pieces; faults. */
static void read_quantity(struct component_ctx *ctx, const struct json *config,
			  const char *key, enum unit unit, uint64_t *out)
{
	const struct json *j = json_get(config, key);
	_auto_free_ char *text = NULL;
	struct err err = { 0 };

	if (!j || json_is(j, JSON_NULL))
		return;
	if (json_is(j, JSON_STRING))
		text = mem_strdup(json_string(j));
	else if (json_is(j, JSON_NUMBER))
		text = json_print(j);
	if (!text) {
		component_fault(
			ctx, key,
			"must be a number or a string with a unit, not %s",
			json_type_name(json_type(j)));
		return;
	}
	if (parse_text(text, unit, out, &err) < 0) {
		component_fault(ctx, key, "%s", err.text);
		if (*err.remedy)
			component_fault_try(ctx, "%s", err.remedy);
	}
}

static const struct limit_member *find_member(const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(limit_members); i++)
		if (str_equal(limit_members[i].key, key))
			return &limit_members[i];
	return NULL;
}

static void read_limits(struct component_ctx *ctx, const struct json *config,
			struct coop_limits *out)
{
	const struct json *limits = component_object(ctx, config, "limits");

	component_enter(ctx, "limits");
	for (const struct json *m = json_child(limits); m; m = json_next(m)) {
		const struct limit_member *row = find_member(json_key(m));
		char step[128];

		component_escape(json_key(m), step, sizeof(step));
		if (row) {
			read_quantity(ctx, limits, row->key, row->unit,
				      (uint64_t *)((char *)out + row->offset));
			continue;
		}
		component_fault(ctx, step, "is not a limit");
		if (str_equal(json_key(m), "time"))
			component_fault_try(ctx,
					    "\"timeout\" beside \"limits\"");
		else
			component_fault_try(ctx, "%s", LIMIT_NAMES);
	}
	component_leave(ctx);
}

static void read_timeout(struct component_ctx *ctx, const struct json *config,
			 uint64_t *ms)
{
	size_t faults = ctx->fault_count;

	*ms = JAIL_TIMEOUT_MS;
	read_quantity(ctx, config, "timeout", UNIT_TIME, ms);
	if (ctx->fault_count > faults || *ms >= 1000)
		return;
	component_fault(ctx, "timeout", "must be at least 1 second");
}

/* What the command line replaces or adds; faults for what it cannot. */
static void apply_settings(struct component_ctx *ctx, struct jail_options *o)
{
	const struct component_settings *s = ctx->settings;

	if (!s)
		return;
	if (s->backend && !str_equal(s->backend, "jail")) {
		component_fault(
			ctx, NULL,
			"--backend: \"%s\" is not a backend of this Coop",
			s->backend);
		component_fault_try(ctx, "jail");
	}
	if (s->profile)
		o->profile = s->profile;
	if (s->time_ms)
		o->time_ms = s->time_ms;
	o->collect = s->collect;
	o->files = s->files;
}

/* A folder of the host that a file names is worth a word: what is in it is
 * shown to programs, and what they make is written there. */
static void tell_folder(struct component_ctx *ctx, struct jail_options *o)
{
	if (!o->work_dir)
		return;
	if (!work_dir_allowed(o->work_dir)) {
		component_notice(ctx,
				 "work_dir %s is left alone: a team file may "
				 "only name folders beneath the current or the "
				 "temporary one; --file and --collect name any",
				 o->work_dir);
		o->work_dir = NULL;
		return;
	}
	component_notice(ctx,
			 "files of the folder %s are given to programs; %s",
			 o->work_dir,
			 o->collect ? "it is not written to"
				    : "what they make is written there");
}

static void *make(struct component_ctx *ctx, struct jail_options *o,
		  const struct json *config, const char *const *keys)
{
	size_t faults = ctx->fault_count;
	struct code_executor *x;
	struct err err = { 0 };

	component_known_keys(ctx, config, keys);
	apply_settings(ctx, o);
	tell_folder(ctx, o);
	x = jail_create(ctx->engine, o, config ? json_copy(config) : NULL,
			keys);
	if (ctx->fault_count == faults && jail_check(x, &err) < 0) {
		bool jail = str_equal(err.field, JAIL_FIELD);

		component_fault(ctx, NULL, "%s%s%s", jail ? "" : err.field,
				jail ? "" : ": ", err.text);
		if (*err.remedy)
			component_fault_try(ctx, "%s", err.remedy);
	}
	return x;
}

static void *load_jail(struct component_ctx *ctx, const struct json *config,
		       int version)
{
	static const char *const keys[] = { "profile", "limits", "work_dir",
					    "timeout", NULL };
	struct jail_options o = { 0 };

	o.profile = component_string(ctx, config, "profile", NULL);
	o.work_dir = component_string(ctx, config, "work_dir", NULL);
	read_limits(ctx, config, &o.limits);
	read_timeout(ctx, config, &o.time_ms);
	return make(ctx, &o, config, keys);
}

/* A member whose absence, null, false or emptiness is all that is served. */
static void refuse(struct component_ctx *ctx, const struct json *config,
		   const char *key, const char *remedy)
{
	const struct json *j = json_get(config, key);

	if (!j || json_is(j, JSON_NULL) ||
	    ((json_is(j, JSON_ARRAY) || json_is(j, JSON_OBJECT)) &&
	     json_count(j) == 0) ||
	    str_equal(json_string(j), ""))
		return;
	component_fault(ctx, key, "is not run yet");
	component_fault_try(ctx, "%s", remedy);
}

static void *load_local(struct component_ctx *ctx, const struct json *config,
			int version)
{
	static const char *const keys[] = {
		"timeout",   "work_dir",           "functions_module",
		"functions", "cleanup_temp_files", NULL
	};
	struct jail_options o = { 0 };

	o.work_dir = component_string(ctx, config, "work_dir", NULL);
	read_timeout(ctx, config, &o.time_ms);
	component_string(ctx, config, "functions_module", NULL);
	component_bool(ctx, config, "cleanup_temp_files", true);
	refuse(ctx, config, "functions",
	       "an empty list; put the functions into a file by --file");
	return make(ctx, &o, config, keys);
}

static void *load_docker(struct component_ctx *ctx, const struct json *config,
			 int version)
{
	static const char *const keys[] = {
		"image",          "container_name",   "timeout",
		"work_dir",       "bind_dir",         "auto_remove",
		"stop_container", "device_requests",  "functions_module",
		"functions",      "extra_volumes",    "extra_hosts",
		"init_command",   "delete_tmp_files", NULL
	};
	struct jail_options o = { 0 };
	const char *bind_dir = component_string(ctx, config, "bind_dir", NULL);

	/* bind_dir is the same folder as the Docker daemon sees it. */
	o.work_dir = component_string(ctx, config, "work_dir", bind_dir);
	read_timeout(ctx, config, &o.time_ms);
	component_string(ctx, config, "image", NULL);
	refuse(ctx, config, "functions",
	       "an empty list; put the functions into a file by --file");
	refuse(ctx, config, "extra_volumes", "--file SRC:DST");
	refuse(ctx, config, "init_command", "a first block that does it");
	refuse(ctx, config, "device_requests", "none: devices are not given");
	refuse(ctx, config, "extra_hosts", "none: there is no network");
	return make(ctx, &o, config, keys);
}

static void unref_executor(void *object)
{
	code_executor_unref(object);
}

const struct component_class jail_class = {
	.provider = JAIL_PROVIDER,
	.type = COMPONENT_CODE_EXECUTOR,
	.version = 1,
	.load = load_jail,
	.unref = unref_executor,
};

const struct component_class jail_for_local_class = {
	.provider =
		"autogen_ext.code_executors.local.LocalCommandLineCodeExecutor",
	.type = COMPONENT_CODE_EXECUTOR,
	.version = 1,
	.load = load_local,
	.served_by = "runs in Coop's jail instead of on this machine itself",
	.unref = unref_executor,
};

const struct component_class jail_for_docker_class = {
	.provider =
		"autogen_ext.code_executors.docker.DockerCommandLineCodeExecutor",
	.type = COMPONENT_CODE_EXECUTOR,
	.version = 1,
	.load = load_docker,
	.served_by = "runs in Coop's jail instead of in Docker; the image and "
		     "what else describes the container are not used",
	.unref = unref_executor,
};
