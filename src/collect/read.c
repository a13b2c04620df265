// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/read_head.h"
#include "collect/read_socket.h"

enum { READ_SIZE = 64 * 1024, DOCUMENT_MAX_GIB = 16 };

/* A run of the text; `at` is NULL where the document has no such member. */
struct span {
	const char *at, *end;
};

/* The members of a document that are read. */
struct document {
	struct span head, namespaces, sockets, tail;
	bool truncated; /* the text stops before its end, perhaps inside the sockets */
};

struct snapshot_file {
	struct source source;
	const char *text;
	char *loaded; /* the same where it is the source's own */
	size_t len;
};

/* One refresh. */
struct replay {
	struct socket_reading sockets;
	const struct request *request;
	struct sink *sink;
	size_t listeners; /* handed on */
	uint64_t count;
};

static const char *skip_space(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
		p++;
	return p;
}

/* The place behind a string; NULL where the text stops inside it. */
static const char *skip_string(const char *p, const char *end)
{
	for (p++; p < end; p++) {
		if (*p == '"')
			return p + 1;
		if (*p == '\\' && ++p == end)
			break;
	}
	return NULL;
}

/*
 * The place behind a value; NULL where the text stops before it is whole. What stands between the
 * brackets is not looked at: it need not be JSON.
 */
static const char *skip_value(const char *p, const char *end)
{
	size_t depth = 0;

	while (p && p < end) {
		switch (*p) {
		case '"':
			p = skip_string(p, end);
			if (!depth)
				return p;
			continue;
		case '{':
		case '[': depth++; break;
		case '}':
		case ']':
			if (!depth)
				return p;
			if (!--depth)
				return p + 1;
			break;
		case ',':
		case ' ':
		case '\n':
		case '\r':
		case '\t':
			if (!depth)
				return p;
			break;
		}
		p++;
	}
	return NULL;
}

/* Where a member of the document is kept; NULL for one that nobody knows. */
static struct span *span_of(struct document *d, const char *key)
{
	if (!strcmp(key, "tcpstate"))
		return &d->head;
	if (!strcmp(key, "namespaces"))
		return &d->namespaces;
	if (!strcmp(key, "sockets"))
		return &d->sockets;
	return strcmp(key, "end") ? NULL : &d->tail;
}

/* Notes a member; of one that is cut short only the sockets are of use. */
static int note_member(struct document *d, struct reading *r, const char *key_at,
		       const char *key_end, struct span value)
{
	json_t *key = read_json(r, key_at, key_end, JSON_STRING, "a key");
	struct span *span = key ? span_of(d, json_string_value(key)) : NULL;

	if (span && span->at)
		read_complain(r, json_string_value(key), "twice");
	else if (span && (!d->truncated || span == &d->sockets))
		*span = value;
	json_decref(key);
	return r->error;
}

/* Finds the members of the document without reading them. */
static int find_members(struct document *d, struct reading *r, const char *end)
{
	const char *p = skip_space(r->text, end);
	bool first = true;

	if (p == end || *p != '{')
		return read_complain(r, "", "no snapshot of tcpstate");
	for (p++;; p++) {
		struct span key, value;

		key.at = r->at = skip_space(p, end);
		if (first && key.at < end && *key.at == '}') {
			p = key.at;
			break;
		}
		first = false;
		if (key.at < end && *key.at != '"')
			return read_complain(r, "", "a key in quotes is missing");
		key.end = key.at < end ? skip_value(key.at, end) : NULL;
		p = key.end ? skip_space(key.end, end) : end;
		if (p < end && *p != ':')
			return read_complain(r, "", "no colon after a key");
		value.at = p < end ? skip_space(p + 1, end) : end;
		d->truncated = value.at == end;
		if (d->truncated)
			return 0;
		value.end = skip_value(value.at, end);
		d->truncated = !value.end;
		if (d->truncated)
			value.end = end;
		if (note_member(d, r, key.at, key.end, value))
			return r->error;
		p = r->at = skip_space(value.end, end);
		if (p == end) {
			d->truncated = true;
			return 0;
		}
		if (*p == '}')
			break;
		if (*p != ',')
			return read_complain(r, "", "no comma between members");
	}
	p = r->at = skip_space(p + 1, end);
	return p == end ? 0 : read_complain(r, "", "something follows the document");
}

/*
 * Calls each() with every socket that is whole. Returns 0, the first fault, or what each()
 * returned.
 */
static int walk_sockets(struct replay *replay, struct span span,
			int (*each)(struct replay *replay, struct span element))
{
	struct reading *r = &replay->sockets.value;
	const char *p = span.at;

	r->at = p;
	if (!p)
		return 0;
	if (*p != '[')
		return read_complain(r, "sockets", "not a list");
	p = skip_space(p + 1, span.end);
	if (p < span.end && *p == ']')
		return 0;
	for (;;) {
		struct span element = {.at = skip_space(p, span.end)};
		int error;

		element.end = skip_value(element.at, span.end);
		if (!element.end)
			return 0;
		error = each(replay, element);
		if (error)
			return error;
		p = r->at = skip_space(element.end, span.end);
		if (p == span.end || *p == ']')
			return 0;
		if (*p++ != ',')
			return read_complain(r, "sockets", "no comma between sockets");
	}
}

static bool holds(struct span text, const char *word)
{
	return memmem(text.at, (size_t)(text.end - text.at), word, strlen(word));
}

/*
 * Whether the first pass has to read the socket. A word may also be spelled with escapes; then it
 * is read to be sure.
 */
static bool matters_first(const struct replay *replay, struct span element)
{
	return memchr(element.at, '\\', (size_t)(element.end - element.at)) ||
	       holds(element, "\"LISTEN\"") || holds(element, "\"interface\"") ||
	       (replay->sockets.owners && holds(element, "\"owners\""));
}

/* The first pass: what all sockets share, and the listeners. */
static int take_first(struct replay *replay, struct span element)
{
	struct socket_reading *sr = &replay->sockets;
	struct reading *r = &sr->value;
	json_t *object;
	struct socket sk;
	const char *state;

	if (!matters_first(replay, element))
		return 0;
	object = read_json(r, element.at, element.end, JSON_OBJECT, "sockets");
	if (!object)
		return r->error;
	state = read_word(r, object, "state");
	if (!read_shared(sr, object) && state && !strcmp(state, state_token(STATE_LISTEN)) &&
	    !read_listener(sr, object, &sk) && sk.kernel_state == STATE_LISTEN &&
	    !socket_list_add(&sr->snapshot->listeners, &sk))
		read_no_memory(r);
	json_decref(object);
	return r->error;
}

/* Numbers of the kernel's that the file keeps, and that a state mask counts as others. */

/* Whether the kernel would have sent it. A number nobody knows comes only with all states. */
static bool is_asked_for(const struct request *request, const struct socket *sk)
{
	uint32_t states = request->states, closed = STATE_BIT(CLOSED) | STATES_BOUND;
	uint32_t family = sk->family == AF_INET6 ? FAMILY_INET6 : FAMILY_INET;
	bool bare = !sk->inode && !sk->info_len;

	if (!(request->families & family))
		return false;
	if (states & closed)
		states |= closed;
	switch (sk->kernel_state) {
	case STATE_CLOSED: return states & closed;
	case STATE_SYN_RECEIVED:
		return states & STATE_BIT(SYN_RECEIVED) || (bare && states & STATES_REQUEST);
	default:
		if (state_token(sk->kernel_state))
			return states & 1u << sk->kernel_state;
		return (states & STATES_ALL) == STATES_ALL;
	}
}

/* The second pass: all of them, to the sink. */
static int take_second(struct replay *replay, struct span element)
{
	struct socket_reading *sr = &replay->sockets;
	struct snapshot *s = sr->snapshot;
	json_t *object = read_json(&sr->value, element.at, element.end, JSON_OBJECT, "sockets");
	struct socket sk;
	struct row row = {.snapshot = s, .socket = &sk};

	if (!object)
		return sr->value.error;
	read_socket(sr, object, &sk);
	json_decref(object);
	if (sr->value.error)
		return sr->value.error;
	replay->count++;
	if (sk.kernel_state == STATE_LISTEN && replay->listeners < s->listeners.count)
		row.socket = s->listeners.sockets[replay->listeners++];
	return is_asked_for(replay->request, &sk) ? replay->sink->take(replay->sink, &row) : 0;
}

static int read_head_of(struct document *d, struct replay *replay)
{
	struct reading *r = &replay->sockets.value;
	struct snapshot *s = replay->sockets.snapshot;

	r->at = r->text;
	if (!d->head.at)
		return read_complain(r, "", "no snapshot of tcpstate");
	if (!d->sockets.at && !d->truncated)
		return read_complain(r, "sockets", "missing: this is another view's output");
	if (read_head(r, s, d->head.at, d->head.end))
		return r->error;
	if (d->namespaces.at && read_namespaces(r, s, d->namespaces.at, d->namespaces.end))
		return r->error;
	if (!d->tail.at || d->truncated)
		s->missing[MISSING_TRUNCATED].set = true;
	return 0;
}

static int replay_document(struct replay *replay, const char *end)
{
	struct reading *r = &replay->sockets.value;
	struct snapshot *s = replay->sockets.snapshot;
	struct document d = {0};
	struct missing *truncated = &s->missing[MISSING_TRUNCATED];
	uint64_t sockets = 0;
	int error = find_members(&d, r, end);

	if (!error)
		error = read_head_of(&d, replay);
	if (!error && d.tail.at)
		error = read_tail(r, s, d.tail.at, d.tail.end, &sockets);
	if (!error)
		error = walk_sockets(replay, d.sockets, take_first);
	if (!error)
		error = read_owners_end(&replay->sockets);
	if (!error)
		error = walk_sockets(replay, d.sockets, take_second);
	if (error)
		return error;
	/* Somebody took out sockets and left the end as it was. */
	if (sockets > replay->count) {
		truncated->set = true;
		if (__builtin_add_overflow(truncated->sockets, sockets - replay->count,
					   &truncated->sockets))
			return read_complain(r, "end.sockets", "too large");
	}
	return 0;
}

static int refresh(struct source *source, const struct request *request, struct snapshot *s,
		   struct sink *sink)
{
	struct snapshot_file *file = (struct snapshot_file *)source;
	struct replay replay = {
		.sockets =
			{
				.value =
					{
						.text = file->text,
						.at = file->text,
						.path = "",
						.complaint = source->complaint,
						.complaint_size = sizeof(source->complaint),
					},
				.snapshot = s,
				.owners = request->want & WANT_OWNERS,
			},
		.request = request,
		.sink = sink,
	};
	int error;

	s->asked = request->want;
	error = replay_document(&replay, file->text + file->len);
	socket_reading_close(&replay.sockets);
	return error;
}

static void close_source(struct source *source)
{
	struct snapshot_file *file = (struct snapshot_file *)source;

	free(file->loaded);
	free(file);
}

struct source *snapshot_source_text(const char *text, size_t n)
{
	struct snapshot_file *file = calloc(1, sizeof(*file));

	if (!file)
		return NULL;
	file->source.refresh = refresh;
	file->source.close = close_source;
	file->text = text;
	file->len = n;
	return &file->source;
}

/* Whether the first byte that is no white space is a brace, or is still to come. */
static bool may_be_document(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len && i < READ_SIZE && strchr(" \t\r\n", text[i]) && text[i])
		i++;
	return i == len || text[i] == '{';
}

/*
 * All bytes of a descriptor. They are copied, not mapped: a file that somebody cuts short while it
 * is being read would end a reader of mapped memory by a signal.
 */
static int load(int fd, char **text, size_t *len)
{
	struct stat st;
	size_t cap = READ_SIZE;
	ssize_t n;

	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size > READ_SIZE)
		cap = (size_t)st.st_size + 1;
	*len = 0;
	*text = malloc(cap);
	while (*text && (n = read(fd, *text + *len, cap - *len))) {
		char *more = *text;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		*len += (size_t)n;
		/* What begins like no document is not read on: it may never end. */
		if (!may_be_document(*text, *len))
			return 0;
		if (*len >> 30 >= DOCUMENT_MAX_GIB)
			return -EFBIG;
		if (*len == cap) {
			cap *= 2;
			more = realloc(*text, cap);
			if (!more)
				return -ENOMEM;
		}
		*text = more;
	}
	return *text ? 0 : -ENOMEM;
}

struct source *snapshot_source(const char *path, int *error)
{
	bool standard = !strcmp(path, "-");
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct source *source = NULL;
	char *text = NULL;
	size_t len = 0;

	*error = fd < 0 ? -errno : load(fd, &text, &len);
	if (fd >= 0 && !standard)
		close(fd);
	if (!*error) {
		source = snapshot_source_text(text, len);
		*error = source ? 0 : -ENOMEM;
	}
	if (source)
		((struct snapshot_file *)source)->loaded = text;
	else
		free(text);
	return source;
}
