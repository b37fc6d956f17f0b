#!/usr/bin/env bash
# Makes tests/support/slack_types anew: the JSON schema of Slack's messages and views, from its own types for TypeScript.
#
#     scripts/make_slack_schema.sh            # needs Node.js and npm; neither the tests nor Rollcall need them
#
# The two versions below are the pins; a later one of @slack/types is put here, and the script run again. All that npm
# installs stays in a folder that is thrown away.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

types=3.2.0
generator=2.10.0
here=$PWD/tests/support/slack_types
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

npm install --silent --no-package-lock --no-save --no-audit --no-fund --prefix "$folder" \
    "@slack/types@$types" "ts-json-schema-generator@$generator"

# Slack's own views and messages also take any object with a type, in case its types are behind; here that is a fault.
cat > slack.ts <<'TS'
import type { HomeView, KnownBlock, ModalView } from "@slack/types";

export interface Message { text: string; blocks: KnownBlock[] }
export interface Modal extends Omit<ModalView, "blocks"> { blocks: KnownBlock[] }
export interface Home extends Omit<HomeView, "blocks"> { blocks: KnownBlock[] }
TS
cat > tsconfig.json <<'JSON'
{
  "compilerOptions": { "strict": true, "module": "nodenext", "moduleResolution": "nodenext", "skipLibCheck": true },
  "files": ["slack.ts"]
}
JSON

mkdir -p "$here"
npx ts-json-schema-generator --path slack.ts --tsconfig tsconfig.json --type Message Modal Home --jsDoc none \
    --out made.json
node -e 'const fs = require("fs"); const made = JSON.parse(fs.readFileSync("made.json"));
    made.$comment = `Made from @slack/types '"$types"' by scripts/make_slack_schema.sh; its licence is beside this file.`;
    fs.writeFileSync(process.argv[1], JSON.stringify(made, null, 1) + "\n")' "$here/schema.json"
cp node_modules/@slack/types/LICENSE "$here/LICENSE"
