// Package oracle is the spirit that needs no key and no network: a mind made of hand-written words. It answers the
// question that was asked, in the form it was asked in, keeps one story straight for a whole sitting, and lets that
// story out a little at a time.
//
// It promises:
//   - Same seed, persona, history and question: same words. Nothing is kept between calls, so a restart changes nothing.
//   - The board line fits Prompt.Letters, has one to five words of A-Z and 0-9, and never an unfilled slot; with the
//     whisper it is at most 30 words.
//   - Facts of one session's ghost never contradict each other, however they are asked for; a question about anything
//     else gets the same answer when it is asked again.
//   - It never claims to be human, tells nobody when they will die, and gives no advice on health, law or money.
//   - Player text is never repeated, except a word the lexicon knows, a name at the table, the choice in "X or Y", and to
//     somebody who agreed to be remembered what they asked themselves in another sitting.
//
// How an answer comes about, and where to look:
//
//	normal.go    text to words: spelling, contractions
//	clause.go    the clause that holds the question, without "can you tell me"
//	rules.go     data/rules.txt: guards, facts, shapes and topics, by the words that name them
//	ask.go       the question understood: names, subject, tense, figures; about.go: its noun, its topics, "X or Y"
//	follow.go    questions that lean on the one before: "why?", "and my brother?"
//	tongues.go   data/tongues.txt: what is asked most in other languages
//	party.go     data/party.txt: what a table throws in between: games, remarks, comfort
//	typing.go    what kind of question it is (kind.go): hand-written rules, which are also features of a small trained
//	             table (table.go)
//	soul.go      the ghost of the seed, drawn from data/souls.txt (stock.go); life.go: what its persona writes of it
//	claims.go    is it so? every yes or no about the ghost (claims_ghost.go) and its story (claims_story.go)
//	compose.go   where the answer comes from; open.go: the open questions
//	known.go     data/known.txt: what any schoolchild knows; near.go: data/near.txt, the closest open answers
//	first.go     what it says when nobody asked; model.go: as a language model is asked
//	lines.go     data/*.txt: what can be said, under which key, when
//	slots.go     filling a line from the soul and the question; mention.go: from the table; draw.go: by chance
//	rank.go      which line is best, and which whisper goes with it
//	horizon.go   how far off an answer about the future may lie
//	voice.go     what a persona does to it; data/own.txt: what only it says
//	first.go     what it says when nobody asked; back.go: to somebody who comes back
//
// # Adding to it
//
// A line: open the data file that has the key (ghost.txt for its story, yesno.txt, open.txt for the W-questions, talk.txt,
// guard.txt), add "BOARD | Whisper." below the key's heading, run the tests: they name any line that cannot be said.
// A word: add it to its class in data/words.txt; "say" classes are the ones the oracle uses by itself.
// A fact: a rule in the fact section of rules.txt, lines under "fact/KEY" in ghost.txt, a field in soul.go if it is new,
// and a row in claims.go so that "was it ...?" is answered by the same field.
// A question it got wrong: add it, and five others like it, to data/questions.tsv; then go generate ./spirit/oracle.
package oracle
