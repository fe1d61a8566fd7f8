# Each target is one line; `make` alone lists them.
UV := .tools/bin/uv
PY := $(UV) run --no-sync --quiet python
export UV_PROJECT_ENVIRONMENT := .venv

.PHONY: help run test train check evaluate bench bench-desk faults encoder adapt install format rotate-keys

help:      ## this list
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/: [^#]*## */\t/'

install: ; @sh tools/install.sh

run: install           ## install, prepare, start bot, actions and desk, print where they are
	@exec .venv/bin/python -m wegweiser.launch

test: install          ## all tests, types and style
	@sh tools/test.sh

train: install         ## train the assistant anew
	@.venv/bin/python -m wegweiser.launch.train

check: install         ## texts, rules, training data: everything a content editor can get wrong
	@.venv/bin/python -m wegweiser.check

evaluate: install      ## how well it understands sentences it has never seen
	@.venv/bin/python -m bot.nlu.evaluate

bench: install         ## speed, end to end, through a local Bot API server
	@.venv/bin/python -m bench

faults: install        ## kill processes at 200 random moments under load and count every message
	@.venv/bin/python -m bench.faults

bench-desk: install    ## the desk with 100,000 requests, on SQLite and PostgreSQL (half an hour)
	@.venv/bin/python -m bench.desk

encoder: install       ## build the sentence encoder
	@.venv/bin/python -m bot.nlu.build

adapt: install         ## for maintainers: adapt the encoder to the examples (hours; a GPU helps)
	@$(UV) run --quiet --script tools/adapt_encoder.py
	@$(UV) run --quiet --script tools/build_encoder.py --update-lock

format: install        ## format the code
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

rotate-keys: install   ## encrypt everything stored with the first of FIELD_ENCRYPTION_KEYS
	@.venv/bin/python manage.py rotate_keys
