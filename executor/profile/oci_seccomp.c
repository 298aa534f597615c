/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON to rules. One table of keys per object, so that a key nobody knows is an
 * error; what stands where is told by JSON pointer.
 */
#include "executor/profile/oci_seccomp.h"

#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/profile/oci_field.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define RULES_MAX 32768
#define ERRNO_MAX 4095 /* the kernel's MAX_ERRNO */

struct reader {
	struct oci_seccomp *out;
	const struct oci_machine *machine;
	char place[64]; /* pointer of the object that is being read */
};

static const char *const file_keys[] = {
	"defaultAction",    "defaultErrnoRet", "defaultErrno", "architectures",
	"archMap",          "syscalls",        "flags",        "listenerPath",
	"listenerMetadata", "comment",         NULL,
};
static const char *const arch_keys[] = { "architecture", "subArchitectures",
					 NULL };
static const char *const rule_keys[] = {
	"name",     "names",    "action", "args",     "comment",
	"includes", "excludes", "errno",  "errnoRet", NULL,
};
static const char *const arg_keys[] = { "index", "value", "valueTwo", "op",
					NULL };
static const char *const filter_keys[] = { "caps", "arches", "minKernel",
					   NULL };

/* The first name of a kind is the one that is told. */
static const struct action_row {
	const char *name;
	enum oci_action action;
} actions[] = {
	{ "SCMP_ACT_ALLOW", OCI_ALLOW },
	{ "SCMP_ACT_ERRNO", OCI_ERRNO },
	{ "SCMP_ACT_LOG", OCI_LOG },
	{ "SCMP_ACT_KILL", OCI_KILL },
	{ "SCMP_ACT_KILL_THREAD", OCI_KILL },
	{ "SCMP_ACT_KILL_PROCESS", OCI_KILL },
	{ "SCMP_ACT_TRAP", OCI_TRAP },
	{ "SCMP_ACT_TRACE", OCI_TRACE },
	{ "SCMP_ACT_NOTIFY", OCI_NOTIFY },
};

static const char *const ops[] = {
	[OCI_NE] = "SCMP_CMP_NE",
	[OCI_LT] = "SCMP_CMP_LT",
	[OCI_LE] = "SCMP_CMP_LE",
	[OCI_EQ] = "SCMP_CMP_EQ",
	[OCI_GE] = "SCMP_CMP_GE",
	[OCI_GT] = "SCMP_CMP_GT",
	[OCI_MASKED_EQ] = "SCMP_CMP_MASKED_EQ",
};

const char *oci_action_name(enum oci_action action)
{
	for (size_t i = 0; i < ARRAY_LEN(actions); i++)
		if (actions[i].action == action)
			return actions[i].name;
	return "?";
}

static bool is_absent(const struct json *j)
{
	return json_is(j, JSON_NULL);
}

static bool has_word(const struct json *list, const char *word)
{
	for (const struct json *w = json_child(list); w; w = json_next(w))
		if (str_equal(json_string(w), word))
			return true;
	return false;
}

struct answer_keys {
	const char *action, *number, *name;
};

static int get_answer(const struct reader *r, const struct json *object,
		      const struct answer_keys *keys, struct oci_answer *out,
		      struct err *err)
{
	const char *word = json_string(json_get(object, keys->action));
	uint64_t number = EPERM;
	size_t i = 0;
	int rc;

	while (i < ARRAY_LEN(actions) && !str_equal(actions[i].name, word))
		i++;
	if (i == ARRAY_LEN(actions)) {
		if (!word)
			err_set(err, ERR_INVALID, "an action is missing");
		else
			err_set(err, ERR_UNKNOWN, "\"%.64s\" is no action",
				word);
		return oci_field_at(r->place, keys->action, err);
	}
	rc = oci_field_number(r->place, object, keys->number, &number, err);
	if (rc >= 0 && number > ERRNO_MAX) {
		err_set(err, ERR_INVALID, "no errno is over %d", ERRNO_MAX);
		rc = oci_field_at(r->place, keys->number, err);
	}
	if (rc < 0)
		return rc;
	out->action = actions[i].action;
	out->err_no = (unsigned)number;
	rc = oci_field_errno(r->place, object, keys->name, &out->err_no, err);
	if (out->action != OCI_ERRNO)
		out->err_no = 0;
	return rc;
}

/* Compares this kernel with "4.8": whether it is at least that. */
static int at_least(const struct reader *r, const struct json *filter,
		    bool *given, bool *holds, struct err *err)
{
	const struct json *j = json_get(filter, "minKernel");
	const char *text = json_string(j);
	unsigned major, minor;
	char rest;

	*given = false;
	if (is_absent(j) || (text && !*text))
		return 0;
	if (!text || sscanf(text, "%5u.%5u%c", &major, &minor, &rest) != 2) {
		err_set(err, ERR_INVALID, "this is no version like \"4.8\"");
		return oci_field_at(r->place, "minKernel", err);
	}
	*given = true;
	*holds = r->machine->kernel_major > major ||
		 (r->machine->kernel_major == major &&
		  r->machine->kernel_minor >= minor);
	return 0;
}

/* `includes` or `excludes` of a rule: clears *holds when the rule is out. */
static int apply_filter(struct reader *r, const struct json *rule,
			const char *key, bool *holds, struct err *err)
{
	bool include = str_equal(key, "includes"), given, kernel = false;
	const struct json *filter = json_get(rule, key), *caps, *arches;
	size_t len = strlen(r->place);
	int rc;

	if (is_absent(filter))
		return 0;
	snprintf(r->place + len, sizeof(r->place) - len, "/%s", key);
	rc = oci_field_check(r->place, filter, filter_keys, err);
	if (rc >= 0)
		rc = oci_field_words(r->place, filter, "caps", &caps, err);
	if (rc >= 0)
		rc = oci_field_words(r->place, filter, "arches", &arches, err);
	if (rc >= 0)
		rc = at_least(r, filter, &given, &kernel, err);
	r->place[len] = '\0';
	if (rc < 0)
		return rc;
	if (include && json_count(caps))
		*holds = false; /* a box has none */
	if (json_count(arches) && has_word(arches, r->machine->arch) != include)
		*holds = false;
	if (given && kernel != include)
		*holds = false;
	return 0;
}

static int get_op(const struct reader *r, const struct json *arg,
		  enum oci_op *out, struct err *err)
{
	const char *word = json_string(json_get(arg, "op"));

	for (size_t i = 0; i < ARRAY_LEN(ops); i++)
		if (str_equal(ops[i], word)) {
			*out = (enum oci_op)i;
			return 0;
		}
	err_set(err, ERR_UNKNOWN, "this is no operator");
	return oci_field_at(r->place, "op", err);
}

static int get_condition(struct reader *r, const struct json *arg,
			 struct oci_condition *out, struct err *err)
{
	uint64_t index = 0;
	int rc = oci_field_check(r->place, arg, arg_keys, err);

	if (rc >= 0)
		rc = oci_field_number(r->place, arg, "index", &index, err);
	if (rc >= 0)
		rc = oci_field_number(r->place, arg, "value", &out->value, err);
	if (rc >= 0)
		rc = oci_field_number(r->place, arg, "valueTwo",
				      &out->value_two, err);
	if (rc >= 0)
		rc = get_op(r, arg, &out->op, err);
	if (rc >= 0 && index >= OCI_ARGS_MAX) {
		err_set(err, ERR_INVALID, "a call has %d arguments",
			OCI_ARGS_MAX);
		rc = oci_field_at(r->place, "index", err);
	}
	out->index = (unsigned)index;
	return rc;
}

static int get_conditions(struct reader *r, const struct json *rule,
			  struct oci_rule *out, struct err *err)
{
	size_t len = strlen(r->place);
	const struct json *list;
	int rc = oci_field_list(r->place, rule, "args", &list, err);

	if (rc < 0)
		return rc;
	if (json_count(list) > OCI_ARGS_MAX) {
		err_set(err, ERR_TOO_LARGE, "more than %d conditions",
			OCI_ARGS_MAX);
		return oci_field_at(r->place, "args", err);
	}
	for (const struct json *a = json_child(list); a && rc >= 0;
	     a = json_next(a)) {
		snprintf(r->place + len, sizeof(r->place) - len, "/args/%zu",
			 out->arg_count);
		rc = get_condition(r, a, &out->args[out->arg_count++], err);
		r->place[len] = '\0';
	}
	return rc;
}

static int add_rule(struct reader *r, const struct oci_rule *rule,
		    const char *name, struct err *err)
{
	struct oci_seccomp *out = r->out;
	struct oci_rule *slot;

	if (!str_is_identifier(name)) {
		err_set(err, ERR_INVALID, "a name is no system call's");
		return oci_field_at(r->place, "names", err);
	}
	if (out->rule_count == RULES_MAX) {
		err_set(err, ERR_TOO_LARGE, "more than %d rules", RULES_MAX);
		return oci_field_at(r->place, "names", err);
	}
	if (out->rule_count % 64 == 0)
		out->rules = mem_resize(out->rules, out->rule_count + 64,
					sizeof(*out->rules));
	slot = &out->rules[out->rule_count++];
	*slot = *rule;
	slot->name = mem_strdup(name);
	return 0;
}

/* runc's reading: conditions on different arguments must all hold, but two on
 * the same argument make each condition a rule of its own. */
static int add_alternatives(struct reader *r, const struct oci_rule *rule,
			    const char *name, struct err *err)
{
	unsigned seen = 0, twice = 0;
	int rc = 0;

	for (size_t i = 0; i < rule->arg_count; i++) {
		twice |= seen & 1U << rule->args[i].index;
		seen |= 1U << rule->args[i].index;
	}
	if (!twice)
		return add_rule(r, rule, name, err);
	for (size_t i = 0; i < rule->arg_count && rc >= 0; i++) {
		struct oci_rule one = *rule;

		one.args[0] = rule->args[i];
		one.arg_count = 1;
		rc = add_rule(r, &one, name, err);
	}
	return rc;
}

/* "names", or "name" of the first files of their kind. */
static int add_names(struct reader *r, const struct json *entry,
		     const struct oci_rule *rule, struct err *err)
{
	const struct json *single = json_get(entry, "name"), *names;
	const char *name = json_string(single);
	int rc = oci_field_words(r->place, entry, "names", &names, err);

	if (rc < 0)
		return rc;
	if (!is_absent(single) && (!name || (*name && json_count(names)))) {
		err_set(err, ERR_INVALID,
			name ? "name and names exclude "
			       "each other"
			     : "this is no string");
		return oci_field_at(r->place, "name", err);
	}
	if (name && *name)
		return add_alternatives(r, rule, name, err);
	for (const struct json *n = json_child(names); n && rc >= 0;
	     n = json_next(n))
		rc = add_alternatives(r, rule, json_string(n), err);
	return rc;
}

static bool same_answer(const struct oci_answer *a, const struct oci_answer *b)
{
	return a->action == b->action && a->err_no == b->err_no;
}

static int read_rule(struct reader *r, const struct json *entry,
		     unsigned number, struct err *err)
{
	static const struct answer_keys keys = { "action", "errnoRet",
						 "errno" };
	struct oci_rule rule = { .entry = number };
	size_t before = r->out->rule_count;
	bool holds = true;
	int rc;

	snprintf(r->place, sizeof(r->place), "/syscalls/%u", number);
	rc = oci_field_check(r->place, entry, rule_keys, err);
	if (rc >= 0)
		rc = get_answer(r, entry, &keys, &rule.answer, err);
	if (rc >= 0)
		rc = get_conditions(r, entry, &rule, err);
	if (rc >= 0)
		rc = apply_filter(r, entry, "includes", &holds, err);
	if (rc >= 0)
		rc = apply_filter(r, entry, "excludes", &holds, err);
	if (rc >= 0)
		rc = add_names(r, entry, &rule, err);
	if (rc < 0)
		return rc;
	/* runc skips what repeats the default: another rule then decides */
	if (!holds || same_answer(&rule.answer, &r->out->otherwise))
		while (r->out->rule_count > before)
			mem_free(r->out->rules[--r->out->rule_count].name);
	return 0;
}

/* A box speaks the machine's own interface only, so these only give a note. */
static int read_architectures(struct reader *r, const struct json *file,
			      struct err *err)
{
	const struct json *map;
	const struct json *list;
	int rc = oci_field_words(r->place, file, "architectures", &list, err);
	unsigned i = 0;

	if (rc >= 0)
		r->out->has_foreign_abi = json_count(list) > 1;
	if (rc >= 0)
		rc = oci_field_list(r->place, file, "archMap", &map, err);
	if (rc < 0)
		return rc;
	if (json_count(map) && json_count(list)) {
		err_set(err, ERR_INVALID,
			"archMap and architectures exclude each other");
		return oci_field_at(r->place, "archMap", err);
	}
	for (const struct json *m = json_child(map); m && rc >= 0;
	     m = json_next(m)) {
		snprintf(r->place, sizeof(r->place), "/archMap/%u", i++);
		rc = oci_field_check(r->place, m, arch_keys, err);
		if (rc >= 0)
			rc = oci_field_words(r->place, m, "subArchitectures",
					     &list, err);
		if (rc >= 0)
			r->out->has_foreign_abi |= json_count(list) > 0;
	}
	*r->place = '\0';
	return rc;
}

static int read_file(struct reader *r, const struct json *file, struct err *err)
{
	static const struct answer_keys keys = { "defaultAction",
						 "defaultErrnoRet",
						 "defaultErrno" };
	const struct json *rules;
	unsigned number = 0;
	int rc = oci_field_check(r->place, file, file_keys, err);

	if (rc >= 0)
		rc = get_answer(r, file, &keys, &r->out->otherwise, err);
	if (rc >= 0)
		rc = read_architectures(r, file, err);
	if (rc >= 0)
		rc = oci_field_list(r->place, file, "syscalls", &rules, err);
	if (rc < 0)
		return rc;
	r->out->has_extras = json_count(json_get(file, "flags")) ||
			     json_string(json_get(file, "listenerPath"));
	for (const struct json *e = json_child(rules); e && rc >= 0;
	     e = json_next(e))
		rc = read_rule(r, e, number++, err);
	return rc;
}

int oci_seccomp_read(struct oci_seccomp *out, const struct json *file,
		     const struct oci_machine *m, struct err *err)
{
	struct oci_seccomp made = { 0 };
	struct reader r = { .out = &made, .machine = m };
	int rc = read_file(&r, file, err);

	if (rc < 0)
		oci_seccomp_finish(&made);
	else
		*out = made;
	return rc;
}

void oci_seccomp_finish(struct oci_seccomp *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->rule_count; i++)
		mem_free(s->rules[i].name);
	mem_free(s->rules);
	*s = (struct oci_seccomp){ 0 };
}
