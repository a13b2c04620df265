// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_JSON_H
#define RENDER_JSON_H

#include "render/view.h"

/*
 * The snapshot as JSON (man/tcpstate.schema.json): one socket a line, written as the rows come
 * unless they are to be sorted. What it writes the reader of snapshots reads back without loss.
 * NULL without memory.
 */
struct view *json_view(void);

/*
 * The parts of a document, for other views. One that writes "findings" goes
 *
 *	char sep = ',';
 *
 *	json_head(o, snapshot, options);
 *	json_key(o, &sep, "findings");
 *	...
 *	json_tail(o, snapshot, sockets);
 */

/* Begins a document: {"tcpstate":{...} and no more. Members follow, each with its own comma. */
void json_head(struct out *o, const struct snapshot *s, const struct view_options *options);

/* Ends it: what is missing, how many sockets were shown, the closing brace and a line end. */
void json_tail(struct out *o, const struct snapshot *s, uint64_t sockets);

/* One socket as an object, on one line without its end. */
void json_socket(struct out *o, const struct row *row);

/* One end of a socket as an object; the local end names the interface the socket is bound to. */
void json_endpoint(struct out *o, const struct snapshot *s, const struct socket *sk,
		   const struct endpoint *e);

/* The value of a setting: a number, or a list of its numbers. */
void json_setting(struct out *o, enum sysctl_name name, const struct sysctl_value *v);

/* The members that describe a process, from "pid" on, inside an object of the caller. */
void json_process(struct out *o, char *sep, const struct process *p);

/*
 * Objects and lists. *sep starts as the bracket that opens ('{' or '['), or ',' where something
 * stands before. json_key() and json_item() write it and leave ','; json_close() writes the
 * bracket that closes, and the one that opens if nothing came between.
 *
 * Keys are the program's own words and written as they are.
 */
void json_key(struct out *o, char *sep, const char *key);
void json_item(struct out *o, char *sep);
void json_close(struct out *o, char *sep, char bracket);

/* A string value; any bytes are safe, those that are no UTF-8 become U+FFFD. */
void json_quote(struct out *o, const char *text);

/*
 * A member whose value is a string of any bytes; nothing for NULL. Where it is no UTF-8 a second
 * member, the key with "_hex" behind it, holds the bytes as they are.
 */
void json_text(struct out *o, char *sep, const char *key, const char *text);

/* A number; above 2^53 (below -2^53), where many readers lose digits, a string of its digits. */
void json_u64(struct out *o, uint64_t v);
void json_i64(struct out *o, int64_t v);

/* true or false. */
void json_bool(struct out *o, bool v);

/* A member of an object: key and number. json_number would be a name of libjansson's. */
void json_count(struct out *o, char *sep, const char *key, uint64_t v);

#endif
