// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The drawn state machine is that of RFC 9293, figure 5 with note 2: the table of transitions, and
 * the arrows as one follows them by eye, from their heads back to where they begin.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "render/drawing.h"
#include "util/text.h"

#define EDGE(from, to)                   \
	{                                \
		STATE_##from, STATE_##to \
	}

static const uint8_t rfc9293[][2] = {
	EDGE(CLOSED, LISTEN),           EDGE(CLOSED, SYN_SENT),
	EDGE(LISTEN, CLOSED),           EDGE(LISTEN, SYN_RECEIVED),
	EDGE(LISTEN, SYN_SENT),         EDGE(SYN_SENT, CLOSED),
	EDGE(SYN_SENT, SYN_RECEIVED),   EDGE(SYN_SENT, ESTABLISHED),
	EDGE(SYN_RECEIVED, LISTEN),     EDGE(SYN_RECEIVED, ESTABLISHED),
	EDGE(SYN_RECEIVED, FIN_WAIT_1), EDGE(ESTABLISHED, FIN_WAIT_1),
	EDGE(ESTABLISHED, CLOSE_WAIT),  EDGE(FIN_WAIT_1, FIN_WAIT_2),
	EDGE(FIN_WAIT_1, CLOSING),      EDGE(FIN_WAIT_1, TIME_WAIT), /* note 2 */
	EDGE(FIN_WAIT_2, TIME_WAIT),    EDGE(CLOSING, TIME_WAIT),
	EDGE(CLOSE_WAIT, LAST_ACK),     EDGE(LAST_ACK, CLOSED),
	EDGE(TIME_WAIT, CLOSED),
};

enum { EDGES = sizeof(rfc9293) / sizeof(rfc9293[0]) };

/* The place of a transition in the table; fails where there is none, or more than one. */
static unsigned find(unsigned from, unsigned to)
{
	unsigned found = TRANSITION_COUNT;

	for (unsigned i = 0; i < TRANSITION_COUNT; i++) {
		if (transitions[i].from != from || transitions[i].to != to)
			continue;
		assert_int_equal(found, TRANSITION_COUNT);
		found = i;
	}
	if (found == TRANSITION_COUNT)
		fail_msg("no transition %s -> %s", state_token(from), state_token(to));
	return found;
}

static void test_graph(void **state)
{
	(void)state;
	assert_int_equal(TRANSITION_COUNT, EDGES);
	for (unsigned i = 0; i < EDGES; i++)
		find(rfc9293[i][0], rfc9293[i][1]);
	for (unsigned i = 0; i < TRANSITION_COUNT; i++) {
		assert_true(transitions[i].event[0]);
		assert_true(transitions[i].wording[0]);
		/* What is called or timed is no segment; what arrives is. */
		assert_true(strstr(transitions[i].event, "()") ||
			    !strncmp(transitions[i].event, "rcv ", 4) ||
			    !strcmp(transitions[i].event, "SEND") ||
			    !strcmp(transitions[i].event, "timeout 2MSL"));
		assert_true(!transitions[i].action[0] ||
			    !strncmp(transitions[i].action, "snd ", 4));
	}
}

static void test_all_states_reachable(void **state)
{
	uint32_t reached = STATE_BIT(CLOSED), left = 0;

	(void)state;
	for (unsigned round = 0; round < STATE_COUNT; round++) {
		for (unsigned i = 0; i < TRANSITION_COUNT; i++) {
			if (reached >> transitions[i].from & 1)
				reached |= 1u << transitions[i].to;
		}
	}
	for (unsigned i = 0; i < TRANSITION_COUNT; i++)
		left |= 1u << transitions[i].from;
	assert_int_equal(reached, STATES_ALL);
	assert_int_equal(left, STATES_ALL);
}

/* A drawing as a grid of characters, and its pieces. */

enum { MAX_PIECES = 400, PIECE_TEXT = 64, NOBODY = -1 };

struct kept_piece {
	struct drawing_piece piece;
	char text[PIECE_TEXT * 3];
};

struct canvas {
	uint32_t cells[DRAWING_ROWS][DRAWING_COLUMNS]; /* 0: blank */
	bool drawn[DRAWING_ROWS][DRAWING_COLUMNS];     /* by a line, not a text */
	int owner[DRAWING_ROWS][DRAWING_COLUMNS];      /* state whose border it is */
	uint32_t path[DRAWING_ROWS][DRAWING_COLUMNS];  /* transitions that go through */
	struct kept_piece pieces[MAX_PIECES];
	unsigned count;
};

static struct canvas canvas, other;

static void keep(void *ctx, const struct drawing_piece *piece)
{
	struct canvas *c = ctx;
	const char *p = piece->text, *end = p + piece->len;
	struct kept_piece *kept = &c->pieces[c->count];
	unsigned column = piece->column;

	assert_true(c->count < MAX_PIECES);
	assert_true(piece->len && piece->len < sizeof(kept->text));
	assert_true(piece->row < DRAWING_ROWS);
	assert_true(piece->column + piece->width <= DRAWING_COLUMNS);
	if (c->count) {
		const struct drawing_piece *before = &kept[-1].piece;

		assert_true(piece->row > before->row ||
			    (piece->row == before->row &&
			     piece->column >= before->column + before->width));
	}
	kept->piece = *piece;
	memcpy(kept->text, piece->text, piece->len);
	kept->text[piece->len] = '\0';
	kept->piece.text = kept->text;
	c->count++;
	while (p < end) {
		uint32_t cp;
		size_t n = text_decode(p, end, &cp);

		assert_true(n);
		c->drawn[piece->row][column] = piece->kind == DRAWN_LINES;
		c->cells[piece->row][column++] = cp == ' ' ? 0 : cp;
		p += n;
	}
	assert_int_equal(column, piece->column + piece->width);
}

static void draw(struct canvas *c, const struct drawing_count *counts, bool utf8)
{
	memset(c, 0, sizeof(*c));
	memset(c->owner, NOBODY, sizeof(c->owner));
	drawing_walk(counts, utf8, keep, c);
}

static void draw_empty(struct canvas *c, bool utf8)
{
	static const struct drawing_count none[STATE_COUNT];

	draw(c, none, utf8);
}

/* The border around a name: the nearest double lines in all four directions. */
static void own_border(struct canvas *c, const struct drawing_piece *name)
{
	unsigned top = name->row, bottom = name->row, left = name->column, right = name->column;
	int owner = (int)name->rank;

	while (left && !c->drawn[name->row][left])
		left--;
	while (right < DRAWING_COLUMNS - 1 && !c->drawn[name->row][right])
		right++;
	while (top && c->cells[top][left] != L'╔')
		top--;
	while (bottom < DRAWING_ROWS - 1 && c->cells[bottom][left] != L'╚')
		bottom++;
	assert_int_equal(c->cells[top][left], L'╔');
	assert_int_equal(c->cells[top][right], L'╗');
	assert_int_equal(c->cells[bottom][left], L'╚');
	assert_int_equal(c->cells[bottom][right], L'╝');
	for (unsigned row = top; row <= bottom; row++) {
		assert_int_equal(c->owner[row][left], NOBODY);
		c->owner[row][left] = c->owner[row][right] = owner;
	}
	for (unsigned column = left; column <= right; column++)
		c->owner[top][column] = c->owner[bottom][column] = owner;
}

/* Following lines. */

enum direction { UP = 1, DOWN = 2, LEFT = 4, RIGHT = 8 };

static const struct {
	uint32_t glyph;
	unsigned arms;
} arms[] = {
	{L'─', LEFT | RIGHT}, {L'│', UP | DOWN}, {L'┌', DOWN | RIGHT},      {L'┐', DOWN | LEFT},
	{L'└', UP | RIGHT},   {L'┘', UP | LEFT}, {L'┴', UP | LEFT | RIGHT},
};

/* Where an arrow leaves a box. */
static const struct {
	uint32_t glyph;
	unsigned side;
} exits[] = {{L'╧', UP}, {L'╤', DOWN}, {L'╢', LEFT}, {L'╟', RIGHT}};

static const struct {
	uint32_t glyph;
	unsigned direction;
} heads[] = {{L'▲', UP}, {L'▼', DOWN}, {L'◄', LEFT}, {L'►', RIGHT}};

static unsigned opposite(unsigned direction)
{
	return direction == UP ? DOWN : direction == DOWN ? UP : direction == LEFT ? RIGHT : LEFT;
}

static unsigned arms_of(uint32_t glyph)
{
	for (size_t i = 0; i < sizeof(arms) / sizeof(arms[0]); i++) {
		if (arms[i].glyph == glyph)
			return arms[i].arms;
	}
	return 0;
}

static void step(unsigned *row, unsigned *column, unsigned direction)
{
	*row += (direction == DOWN) - (direction == UP);
	*column += (direction == RIGHT) - (direction == LEFT);
	assert_true(*row < DRAWING_ROWS && *column < DRAWING_COLUMNS);
}

/* A way back from an arrowhead, and the cells it has taken. */
struct trail {
	unsigned cells[DRAWING_ROWS * 8 + DRAWING_COLUMNS][2];
	unsigned count;
};

static void note_cell(struct trail *t, unsigned row, unsigned column)
{
	assert_true(t->count < sizeof(t->cells) / sizeof(t->cells[0]));
	t->cells[t->count][0] = row;
	t->cells[t->count++][1] = column;
}

static void found(struct canvas *c, const struct trail *t, unsigned from, unsigned to,
		  unsigned *times)
{
	unsigned edge = find(state_order[from], state_order[to]);

	times[edge]++;
	for (unsigned i = 0; i < t->count; i++)
		c->path[t->cells[i][0]][t->cells[i][1]] |= 1u << edge;
}

/* Goes on from a cell in a direction, against the arrow; a join has two ways back. */
static void go_back(struct canvas *c, struct trail *t, unsigned row, unsigned column,
		    unsigned direction, unsigned to, unsigned *times)
{
	unsigned on, start = t->count;

	step(&row, &column, direction);
	/* A label may stand in the middle of a line. */
	while (direction & (LEFT | RIGHT) &&
	       (!c->drawn[row][column] || c->cells[row][column] == '/')) {
		note_cell(t, row, column);
		step(&row, &column, direction);
	}
	note_cell(t, row, column);
	for (size_t i = 0; i < sizeof(exits) / sizeof(exits[0]); i++) {
		if (exits[i].glyph != c->cells[row][column])
			continue;
		assert_int_equal(exits[i].side, opposite(direction));
		assert_true(c->owner[row][column] != NOBODY);
		found(c, t, (unsigned)c->owner[row][column], to, times);
		t->count = start;
		return;
	}
	on = arms_of(c->cells[row][column]);
	if (!(on & opposite(direction)))
		fail_msg("a line breaks off at row %u, column %u", row, column);
	on &= ~opposite(direction);
	for (unsigned way = UP; way <= RIGHT; way <<= 1) {
		if (on & way)
			go_back(c, t, row, column, way, to, times);
	}
	t->count = start;
}

static void follow_arrows(struct canvas *c, unsigned *times)
{
	for (unsigned i = 0; i < c->count; i++) {
		if (c->pieces[i].piece.kind == DRAWN_NAME)
			own_border(c, &c->pieces[i].piece);
	}
	for (unsigned row = 0; row < DRAWING_ROWS; row++) {
		for (unsigned column = 0; column < DRAWING_COLUMNS; column++) {
			for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
				struct trail trail = {.count = 0};
				unsigned r = row, col = column;

				if (c->cells[row][column] != heads[i].glyph)
					continue;
				step(&r, &col, heads[i].direction);
				assert_true(c->owner[r][col] != NOBODY);
				note_cell(&trail, row, column);
				go_back(c, &trail, row, column, opposite(heads[i].direction),
					(unsigned)c->owner[r][col], times);
			}
		}
	}
}

static void test_every_arrow_once(void **state)
{
	unsigned times[TRANSITION_COUNT] = {0};

	(void)state;
	draw_empty(&canvas, true);
	follow_arrows(&canvas, times);
	for (unsigned i = 0; i < TRANSITION_COUNT; i++) {
		if (times[i] != 1)
			fail_msg("%s -> %s is drawn %u times", state_token(transitions[i].from),
				 state_token(transitions[i].to), times[i]);
	}
}

static void test_no_line_is_left_over(void **state)
{
	unsigned times[TRANSITION_COUNT] = {0};

	(void)state;
	draw_empty(&canvas, true);
	follow_arrows(&canvas, times);
	for (unsigned row = 0; row < DRAWING_ROWS; row++) {
		for (unsigned column = 0; column < DRAWING_COLUMNS; column++) {
			if (canvas.drawn[row][column] && canvas.owner[row][column] == NOBODY &&
			    !canvas.path[row][column])
				fail_msg("row %u, column %u is part of no arrow", row, column);
		}
	}
}

static bool on_path(unsigned row, unsigned column, uint32_t edge)
{
	return row < DRAWING_ROWS && column < DRAWING_COLUMNS && canvas.path[row][column] & edge;
}

/* In the line, above or below it, or beside it with at most a blank between. */
static bool touches(const struct drawing_piece *p, uint32_t edge)
{
	for (unsigned column = p->column; column < p->column + p->width; column++) {
		if (on_path(p->row, column, edge) || on_path(p->row - 1, column, edge) ||
		    on_path(p->row + 1, column, edge))
			return true;
	}
	return on_path(p->row, p->column - 1, edge) || on_path(p->row, p->column - 2, edge) ||
	       on_path(p->row, p->column + p->width, edge) ||
	       on_path(p->row, p->column + p->width + 1, edge);
}

static bool is_label_of(const struct drawing_piece *p, unsigned edge)
{
	return p->transition == &transitions[edge] && p->kind >= DRAWN_EVENT;
}

/* The one piece of this kind that the transition has; NULL where it has none. */
static const struct drawing_piece *label(unsigned edge, enum drawing_kind kind)
{
	const struct drawing_piece *found_piece = NULL;

	for (unsigned i = 0; i < canvas.count; i++) {
		const struct drawing_piece *p = &canvas.pieces[i].piece;

		if (p->kind != kind || !is_label_of(p, edge))
			continue;
		assert_null(found_piece);
		found_piece = p;
	}
	return found_piece;
}

static void expect_label(unsigned edge, enum drawing_kind kind, const char *text)
{
	const struct drawing_piece *p = label(edge, kind);

	if (!text || !*text) {
		assert_null(p);
		return;
	}
	assert_non_null(p);
	assert_string_equal(p->text, text);
}

static void test_labels_stand_at_their_arrows(void **state)
{
	unsigned times[TRANSITION_COUNT] = {0};

	(void)state;
	draw_empty(&canvas, true);
	follow_arrows(&canvas, times);
	for (unsigned i = 0; i < TRANSITION_COUNT; i++) {
		const struct transition *t = &transitions[i];
		const struct drawing_piece *event, *action;
		bool action_touches;

		expect_label(i, DRAWN_EVENT, t->event);
		expect_label(i, DRAWN_ACTION, t->action);
		expect_label(i, DRAWN_REMARK, t->remark);
		event = label(i, DRAWN_EVENT);
		action = label(i, DRAWN_ACTION);
		action_touches = action && touches(action, 1u << i);
		/* Of two lines of text one touches; the event stands above the action. */
		assert_true(touches(event, 1u << i) ||
			    (action_touches && event->row + 1 == action->row));
		assert_true(!action || action_touches ||
			    (event->row + 1 == action->row && event->column == action->column));
	}
}

/* Rooms. */

static const char *const lines[] = {
#define DRAWING_LINE(text) text,
#include "render/drawing.def"
#undef DRAWING_LINE
};

static void expect_room(char key, size_t room)
{
	const struct transition *t = &transitions[(key | 0x20) - 'a'];

	assert_true((key | 0x20) - 'a' < TRANSITION_COUNT);
	assert_int_equal(room, strlen(key & 0x20 ? t->action : t->event));
}

static void test_labels_fill_their_room(void **state)
{
	unsigned rooms = 0;

	(void)state;
	for (unsigned row = 0; row < DRAWING_ROWS; row++) {
		const char *p = lines[row];

		while (*(p += strcspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))) {
			size_t word = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_012"
						"abcdefghijklmnopqrstuvwxyz");

			if (!state_parse(p, word)) {
				expect_room(*p, word);
				rooms++;
			}
			p += word;
		}
	}
	assert_true(rooms > TRANSITION_COUNT);
}

/* Counts. */

static void expect_count(uint64_t sockets, bool notice, bool unknown, const char *text)
{
	struct drawing_count counts[STATE_COUNT];
	unsigned seen = 0;

	for (unsigned i = 0; i < STATE_COUNT; i++)
		counts[i] = (struct drawing_count){sockets, unknown, notice};
	draw(&canvas, counts, true);
	draw_empty(&other, true);
	for (unsigned i = 0; i < canvas.count; i++) {
		const struct drawing_piece *p = &canvas.pieces[i].piece;

		if (p->kind != DRAWN_COUNT)
			continue;
		assert_string_equal(p->text, text);
		/* In the box whose name stands above it. */
		assert_int_equal(other.pieces[i].piece.rank, p->rank);
		seen |= 1u << p->rank;
	}
	assert_int_equal(seen, (1u << STATE_COUNT) - 1);
	/* Nothing but the counts has changed. */
	assert_int_equal(canvas.count, other.count);
	for (unsigned row = 0; row < DRAWING_ROWS; row++) {
		for (unsigned column = 0; column < DRAWING_COLUMNS; column++) {
			if (other.drawn[row][column])
				assert_int_equal(canvas.cells[row][column],
						 other.cells[row][column]);
		}
	}
}

static void test_counts(void **state)
{
	(void)state;
	expect_count(0, false, false, "0");
	expect_count(7, true, false, "7 !");
	expect_count(1234567, false, false, "1234567");
	expect_count(1234567, true, false, "1234567 !");
	expect_count(999999999999, false, false, "999999999999");
	expect_count(9999999999, true, false, "9999999999 !");
	expect_count(1000000000000, false, false, "1000000000k");
	expect_count(UINT64_MAX, false, false, "18446744073G");
	expect_count(UINT64_MAX, true, false, "18446744T !");
	expect_count(0, false, true, "?");
}

static void test_counts_stand_below_their_names(void **state)
{
	struct drawing_count counts[STATE_COUNT] = {0};

	(void)state;
	for (unsigned i = 0; i < STATE_COUNT; i++)
		counts[i].sockets = 100 + state_order[i];
	draw(&canvas, counts, true);
	for (unsigned i = 0; i < canvas.count; i++) {
		const struct drawing_piece *name = &canvas.pieces[i].piece;
		bool below = false;

		if (name->kind != DRAWN_NAME)
			continue;
		for (unsigned j = 0; j < canvas.count; j++) {
			const struct drawing_piece *p = &canvas.pieces[j].piece;
			char text[8];

			if (p->kind != DRAWN_COUNT || p->row != name->row + 1 ||
			    p->column + p->width <= name->column ||
			    p->column >= name->column + name->width)
				continue;
			snprintf(text, sizeof(text), "%d", 100 + state_order[name->rank]);
			assert_string_equal(p->text, text);
			assert_int_equal(p->rank, name->rank);
			assert_string_equal(name->text, state_token(state_order[name->rank]));
			below = true;
		}
		assert_true(below);
	}
}

/* ASCII is the same drawing. */
static void test_ascii(void **state)
{
	(void)state;
	draw_empty(&canvas, true);
	draw_empty(&other, false);
	assert_int_equal(canvas.count, other.count);
	for (unsigned i = 0; i < canvas.count; i++) {
		const struct drawing_piece *a = &canvas.pieces[i].piece;
		const struct drawing_piece *b = &other.pieces[i].piece;

		assert_int_equal(a->kind, b->kind);
		assert_int_equal(a->row, b->row);
		assert_int_equal(a->column, b->column);
		assert_int_equal(a->width, b->width);
		for (size_t n = 0; n < b->len; n++)
			assert_true(b->text[n] > ' ' - 1 && b->text[n] < 0x7f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_graph),
		cmocka_unit_test(test_all_states_reachable),
		cmocka_unit_test(test_every_arrow_once),
		cmocka_unit_test(test_no_line_is_left_over),
		cmocka_unit_test(test_labels_stand_at_their_arrows),
		cmocka_unit_test(test_labels_fill_their_room),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_counts_stand_below_their_names),
		cmocka_unit_test(test_ascii),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
