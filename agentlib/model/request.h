/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the requests to all services have in common: checks before anything is
 * sent, and small translations. */
#include "agentlib/core/model.h"
#include <stdbool.h>

struct json;
struct vendor_config;

/* Whether a name may be sent: 1 to 64 letters, digits, _ and -. */
bool request_name_ok(const char *name);

/* -ERR_INVALID with a sentence; `what`: "the name of a tool,". */
int request_name_bad(const char *what, const char *name, struct err *err);

/* No text, or white space only. */
bool request_blank(const char *text);

/* "image/png", …, by how the base64 begins. */
const char *request_image_type(const char *base64);

/* -ERR_INVALID when the message has images and the model sees none. */
int request_check_images(const struct vendor_config *c,
			 const struct llm_message *m, struct err *err);

/*
 * Parses tools_json: *out is the array, to be destroyed, or NULL when there are
 * none. -ERR_INVALID when the model cannot call functions, or for a name.
 */
int request_tools(const struct vendor_config *c,
		  const struct model_request *req, struct json **out,
		  struct err *err);

/* -ERR_INVALID when JSON or a schema is asked of a model that has no such mode.
 */
int request_check_format(const struct vendor_config *c,
			 const struct model_request *req, struct err *err);

/* The arguments of a call as an object's text, freed by mem_free(): what is no
 * object becomes {"text":…}. */
char *request_arguments(const char *arguments);
