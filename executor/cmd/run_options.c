/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows, and from strings to the door's structs. Reads the program's source;
 * everything else is opened by the door.
 */
#include "executor/cmd/run_options.h"

#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/cmd/source_file.h"
#include "executor/profile/language_file.h"
#include "executor/run/places.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROW(name, kind, member, value, help)                                   \
	{                                                                      \
		name, 0, kind, offsetof(struct run_options, member), value,    \
			help, 0, 0                                             \
	}

static const struct option_row own_rows[] = {
	ROW("profile", OPTION_STRING, profile, "NAME",
	    "the walls and the limits' ceilings; see coop profiles"),
	ROW("lang", OPTION_STRING, lang, "NAME",
	    "language of the program; else by its suffix"),
	ROW("file", OPTION_LIST, files, "SRC[:DST]",
	    "puts a file or a folder into /workspace"),
	ROW("collect", OPTION_STRING, collect, "DIR",
	    "copies created and changed files to DIR"),
	ROW("env", OPTION_LIST, env, "K=V", "sets a variable"),
	ROW("stdin", OPTION_STRING, input, "FILE|none",
	    "standard input; else this command's own"),
	ROW("network", OPTION_STRING, network, "none|allow",
	    "none, or the profile's hosts; else what the profile says"),
	ROW("backend", OPTION_STRING, backend, "NAME",
	    "where the box is made: jail"),
	{ "tier", 0, OPTION_UINT, offsetof(struct run_options, tier), "N",
	  "weakest acceptable jail, 1 is the strongest; else 2", 1, 3 },
	ROW("share", OPTION_STRING, share, "DIR",
	    "folder of profiles and languages"),
	ROW("json", OPTION_FLAG, json, NULL, "prints the result as JSON"),
	ROW("quiet", OPTION_FLAG, quiet, NULL, "says nothing about limits"),
	{ "help", 'h', OPTION_FLAG, offsetof(struct run_options, help), NULL,
	  "this text", 0, 0 },
};

static struct option_row limit_option(const struct limit_row *limit)
{
	static const struct {
		enum option_kind kind;
		const char *value;
	} kinds[] = {
		[LIMIT_TIME] = { OPTION_TIME, "10s" },
		[LIMIT_SIZE] = { OPTION_SIZE, "256M" },
		[LIMIT_COUNT] = { OPTION_UINT, "N" },
		[LIMIT_MILLI] = { OPTION_MILLI, "1.5" },
	};

	return (struct option_row){
		.name = limit->name,
		.kind = kinds[limit->kind].kind,
		.offset = offsetof(struct run_options, limits) + limit->offset,
		.value = kinds[limit->kind].value,
		.help = limit->help,
	};
}

void run_options_rows(struct option_row rows[RUN_OPTIONS_ROWS])
{
	size_t n = 0;

	for (size_t i = 0; i < 2; i++)
		rows[n++] = own_rows[i];
	for (const struct limit_row *l = limit_rows; l->name; l++)
		if (!str_equal(l->name, "files")) /* one letter from --file */
			rows[n++] = limit_option(l);
	for (size_t i = 2; i < ARRAY_LEN(own_rows); i++)
		rows[n++] = own_rows[i];
	rows[n] = (struct option_row){ 0 };
}

int run_options_parse(struct run_options *o, int argc, char **argv,
		      int *operand, struct err *err)
{
	struct option_row rows[RUN_OPTIONS_ROWS];
	int rc;

	memset(o, 0, sizeof(*o));
	o->input_fd = -1;
	buf_init(&o->code, SOURCE_FILE_MAX);
	run_options_rows(rows);
	rc = options_parse(rows, o, argc, argv, operand, err);
	return rc < 0 ? rc : 0;
}

struct coop_box_options run_options_box(const struct run_options *o)
{
	const struct limits *l = &o->limits;

	return (struct coop_box_options){
		.size = sizeof(struct coop_box_options),
		.profile = o->profile,
		.backend = o->backend,
		.tier = (int)o->tier,
		.network = o->network,
		.limits = {
			.time_ms = l->time_ms,
			.cpu_time_ms = l->cpu_time_ms,
			.memory_bytes = l->memory_bytes,
			.processes = l->processes,
			.output_bytes = l->output_bytes,
			.disk_bytes = l->disk_bytes,
			.files = l->files,
			.open_files = l->open_files,
			.stack_bytes = l->stack_bytes,
			.cpu_milli = l->cpu_milli,
		},
	};
}

/* Last part of a path, without slashes at its end; may be empty. */
static char *base_name(const char *path)
{
	size_t end = strlen(path), start;

	while (end && path[end - 1] == '/')
		end--;
	for (start = end; start && path[start - 1] != '/';)
		start--;
	return mem_strndup(path + start, end - start);
}

/* "SRC", "SRC:DST", "SRC:DIR/"; split at the last colon. */
static int split_file(const char *text, struct coop_file *out, struct err *err)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : strlen(text);
	const char *dst = colon ? colon + 1 : "";
	_auto_free_ char *source = mem_strndup(text, len);
	_auto_free_ char *base = base_name(source);

	if (!*source) {
		err_set(err, ERR_INVALID, "\"%.64s\" names no file", text);
		err_try(err, "--file SRC or --file SRC:DST");
		return err_field(err, "file");
	}
	if (!*dst)
		out->path = mem_strdup(base);
	else if (str_ends(dst, "/"))
		out->path = mem_printf("%s%s", dst, base);
	else
		out->path = mem_strdup(dst);
	out->source = mem_take(source);
	return 0;
}

static int take_files(struct run_options *o, struct err *err)
{
	o->put = mem_zero(o->files.count + 1, sizeof(*o->put));
	for (size_t i = 0; i < o->files.count; i++) {
		int rc = split_file(o->files.items[i], &o->put[i], err);

		if (rc < 0)
			return rc;
		o->put_count++;
	}
	return 0;
}

static int take_env(struct run_options *o, struct coop_exec_options *out)
{
	const char **env = mem_resize(o->env.items, o->env.count + 1,
				      sizeof(*env));

	env[o->env.count] = NULL;
	o->env.items = env;
	out->env = env;
	return 0;
}

static int take_input(struct run_options *o, struct coop_exec_options *out,
		      struct err *err)
{
	struct stat st;

	if (o->input && str_equal(o->input, "none"))
		return 0;
	out->stdin_pipe = true;
	out->stdin_fd = STDIN_FILENO;
	if (!o->input)
		return 0;
	o->input_fd = open(o->input, O_RDONLY | O_CLOEXEC);
	if (o->input_fd < 0) {
		err_sys(err, errno, "cannot open %s", o->input);
		return err_field(err, "stdin");
	}
	if (fstat(o->input_fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		err_set(err, ERR_INVALID, "%s is a folder", o->input);
		return err_field(err, "stdin");
	}
	out->stdin_fd = o->input_fd;
	return 0;
}

static int take_common(struct run_options *o, struct coop_exec_options *out,
		       struct err *err)
{
	int rc;

	memset(out, 0, sizeof(*out));
	out->size = sizeof(*out);
	rc = take_files(o, err);
	if (rc >= 0)
		rc = take_env(o, out);
	if (rc >= 0)
		rc = take_input(o, out, err);
	out->files = o->put;
	out->file_count = o->put_count;
	return rc;
}

int run_options_command(struct run_options *o, struct coop_exec_options *out,
			char **argv, struct err *err)
{
	if (!argv[0]) {
		err_set(err, ERR_INVALID, "there is no command");
		err_try(err, "coop exec [OPTION…] -- CMD [ARG…]");
		return err_field(err, "command");
	}
	if (o->lang) {
		err_set(err, ERR_INVALID, "a command has no language");
		err_try(err, "coop run --lang %.32s FILE", o->lang);
		return err_field(err, "lang");
	}
	if (take_common(o, out, err) < 0)
		return -(int)err->code;
	out->argv = (const char *const *)argv;
	return 0;
}

/* By --lang, else by the file's suffix. */
static int find_language(struct run_options *o, const char *file,
			 struct err *err)
{
	_auto_free_ char *share = NULL;
	const struct language *lang;
	struct languages all;
	int rc;

	if (o->lang)
		return 0;
	share = places_share(o->share, err);
	if (!share)
		return -(int)err->code;
	rc = languages_load(&all, share, err);
	if (rc < 0)
		return rc;
	lang = language_of_file(&all, file);
	if (lang)
		o->lang = o->found = mem_strdup(lang->name);
	else
		rc = err_set(err, ERR_INVALID,
			     "the language of \"%.200s\" cannot be told by its "
			     "name",
			     file);
	languages_finish(&all);
	if (lang)
		return 0;
	err_try(err,
		"--lang NAME (see coop languages); coop exec for commands");
	return err_field(err, "lang");
}

int run_options_program(struct run_options *o, struct coop_exec_options *out,
			char **argv, struct err *err)
{
	bool from_input;
	int rc;

	if (!argv[0]) {
		err_set(err, ERR_INVALID, "there is no program");
		err_try(err, "coop run [OPTION…] FILE [ARG…]; FILE - reads "
			     "standard input");
		return err_field(err, "file");
	}
	from_input = str_equal(argv[0], "-");
	if (from_input && !o->input)
		o->input = "none"; /* it is read already */
	rc = source_file_read(argv[0], &o->code, err);
	if (rc >= 0)
		rc = find_language(o, argv[0], err);
	if (rc >= 0)
		rc = take_common(o, out, err);
	if (rc < 0)
		return rc;
	if (!from_input)
		o->name = base_name(argv[0]);
	out->filename = o->name;
	out->language = o->lang;
	out->code = o->code.data;
	out->code_len = o->code.len;
	out->args = (const char *const *)argv + 1;
	return 0;
}

void run_options_finish(struct run_options *o)
{
	for (size_t i = 0; i < o->put_count; i++) {
		mem_free((void *)o->put[i].path);
		mem_free((void *)o->put[i].source);
	}
	mem_free(o->put);
	mem_free(o->name);
	mem_free(o->found);
	option_list_finish(&o->files);
	option_list_finish(&o->env);
	fd_close(&o->input_fd);
	buf_finish(&o->code);
}
