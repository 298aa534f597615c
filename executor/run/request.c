/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks of what strangers may ask for, in one place: names, code, files,
 * variables. The order of the checks is the order of the options.
 */
#include "executor/run/request.h"

#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/profile/language_file.h"
#include "executor/run/workspace.h"

#include <fcntl.h>
#include <string.h>

#define WORDS_MAX 4096           /* of argv, of env */
#define WORDS_BYTES (768 * 1024) /* together; the wire takes 1 MiB */

static int check_words(const char *field, const char *const *words,
		       struct err *err)
{
	size_t bytes = 0, n = 0;

	for (; words && words[n]; n++)
		bytes += strlen(words[n]) + 1;
	if (n <= WORDS_MAX && bytes <= WORDS_BYTES)
		return 0;
	err_set(err, ERR_TOO_LARGE, "more than %d words or %d bytes of them",
		WORDS_MAX, WORDS_BYTES);
	return err_field(err, "%s", field);
}

static int check_env(const char *const *env, struct err *err)
{
	for (size_t i = 0; env && env[i]; i++) {
		const char *equals = strchr(env[i], '=');
		_auto_free_ char *name = NULL;

		if (equals)
			name = mem_strndup(env[i], (size_t)(equals - env[i]));
		if (name && str_is_identifier(name))
			continue;
		err_set(err, ERR_INVALID, "\"%.64s\" is not NAME=VALUE",
			env[i]);
		err_try(err, "a name of letters, digits and _, then =");
		return err_field(err, "env");
	}
	return check_words("env", env, err);
}

static char **copy_words(const char *const *words)
{
	size_t n = 0;
	char **copy;

	while (words && words[n])
		n++;
	copy = mem_zero(n + 1, sizeof(*copy));
	for (size_t i = 0; i < n; i++)
		copy[i] = mem_strdup(words[i]);
	return copy;
}

static int check_code(const struct language *lang, const char *code, size_t len,
		      struct err *err)
{
	const char *nul = memchr(code, '\0', len);
	const char *line = memchr(code, '\n', len);
	size_t number = 1;

	if (nul) {
		for (const char *p = code; p < nul; p++)
			number += *p == '\n';
		err_set(err, ERR_INVALID,
			"there is a NUL byte in line %zu: this is no text",
			number);
		err_try(err, "coop exec for binary programs");
		return err_field(err, "code");
	}
	if (str_equal(lang->crlf, "refuse") && line && line > code &&
	    line[-1] == '\r') {
		err_set(err, ERR_INVALID,
			"the lines end in CRLF, which %s takes as part of "
			"each command",
			lang->name);
		err_try(err, "sed -i 's/\\r$//' FILE");
		return err_field(err, "code");
	}
	return 0;
}

/* The code, under the name that it must have, and what lies beside it. */
static int put_code(struct request *r, const struct coop_exec_options *o,
		    const struct outline *outline,
		    const struct source_bounds *bounds, struct err *err)
{
	const struct language *l = &r->language;
	size_t len = o->code_len ? o->code_len : strlen(o->code);
	struct coop_file file = { .len = len, .mode = 0644 };
	struct coop_file support = { .path = l->support_file, .mode = 0644 };
	int rc;

	r->code = mem_copy(o->code, len);
	r->code_name = language_file_name(l, o->filename, outline);
	file.path = r->code_name;
	file.data = r->code;
	rc = source_add(&r->sources, &r->roots, &file, bounds, err);
	if (rc < 0)
		return err_field(err, "code");
	if (!l->support_file)
		return 0;
	support.data = l->support_text;
	support.len = strlen(l->support_text);
	return source_add(&r->sources, &r->roots, &support, bounds, err);
}

static int take_code(struct request *r, const char *share,
		     const struct coop_exec_options *o,
		     const struct source_bounds *bounds, struct err *err)
{
	size_t len = o->code_len ? o->code_len : strlen(o->code);
	struct language_words words = { .memory_bytes = r->memory_bytes };
	const struct language *l = &r->language;
	struct outline outline;
	int rc = language_load(&r->language, share, o->language, err);

	if (rc < 0)
		return rc;
	r->has_language = true;
	rc = check_code(l, o->code, len, err);
	if (rc < 0)
		return rc;
	outline_read(&outline, &l->outline, o->code, len);
	rc = put_code(r, o, &outline, bounds, err);
	if (rc < 0)
		return rc;
	words.file = r->code_name;
	words.out = l->output;
	words.entry = outline.entry;
	r->argv = language_argv(l->run, &words, o->args);
	if (l->compile[0])
		r->compile_argv = language_argv(l->compile, &words, NULL);
	return 0;
}

static int take_program(struct request *r, const char *share,
			const struct coop_exec_options *o,
			const struct source_bounds *bounds, struct err *err)
{
	int rc;

	if (o->argv && o->language) {
		err_set(err, ERR_INVALID, "a command has no language");
		return err_field(err, "lang");
	}
	rc = check_words("args", o->argv ? o->argv : o->args, err);
	if (rc < 0)
		return rc;
	if (!o->argv && o->language && o->code)
		return take_code(r, share, o, bounds, err);
	if (!o->argv || !o->argv[0] || !*o->argv[0]) {
		err_set(err, ERR_INVALID, "there is nothing to run");
		return err_field(err, "command");
	}
	r->argv = copy_words(o->argv);
	return 0;
}

static int take_files(struct request *r, const struct coop_exec_options *o,
		      const struct source_bounds *bounds, struct err *err)
{
	r->data = mem_zero(o->file_count + 1, sizeof(*r->data));
	for (size_t i = 0; i < o->file_count; i++) {
		struct coop_file file = o->files[i];
		int rc;

		if (!file.path || (!file.data && !file.source)) {
			err_set(err, ERR_INVALID,
				"a file needs a path and data or a source");
			return err_field(err, "file");
		}
		if (file.data) {
			r->data[i] = mem_copy(file.data, file.len);
			file.data = r->data[i];
		} else {
			r->data[i] = mem_strdup("");
		}
		rc = source_add(&r->files, &r->roots, &file, bounds, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static void take_input(struct request *r, const struct coop_exec_options *o)
{
	r->input_fd = -1;
	if (o->stdin_pipe) /* a closed one is empty input */
		r->input_fd = fcntl(o->stdin_fd, F_DUPFD_CLOEXEC, 0);
	else if (o->stdin_data) {
		r->input_len = o->stdin_len ? o->stdin_len
					    : strlen(o->stdin_data);
		r->input = mem_copy(o->stdin_data, r->input_len);
	}
}

int request_make(struct request **out, const char *share,
		 const struct coop_exec_options *o, const struct limits *limits,
		 struct err *err)
{
	struct source_bounds bounds = { limits->disk_bytes, limits->files };
	struct request *r = mem_new(struct request);
	int rc;

	take_input(r, o);
	r->time_ms = o->time_ms;
	r->memory_bytes = limits->memory_bytes;
	r->merge_output = o->merge_output;
	rc = take_program(r, share, o, &bounds, err);
	if (rc >= 0)
		rc = check_env(o->env, err);
	if (rc >= 0)
		r->env = copy_words(o->env);
	if (rc >= 0)
		rc = take_files(r, o, &bounds, err);
	if (rc < 0) {
		request_destroy(r);
		return rc;
	}
	*out = r;
	return 0;
}

void request_destroy(struct request *r)
{
	if (!r)
		return;
	if (r->has_language)
		language_finish(&r->language);
	language_argv_free(r->argv);
	language_argv_free(r->compile_argv);
	language_argv_free(r->env);
	language_argv_free(r->data);
	mem_free(r->code);
	mem_free(r->code_name);
	mem_free(r->input);
	fd_close(&r->input_fd);
	put_list_finish(&r->sources);
	put_list_finish(&r->files);
	source_roots_finish(&r->roots);
	mem_free(r);
}
