// The page's script: what changed on the server is fetched and put in its place, what somebody does is sent there.

import { startActs } from "./acts.js";
import { startBox } from "./box.js";
import { startPanel } from "./panel.js";
import { startRegions } from "./regions.js";
import { startShell } from "./shell.js";
import { startSuggestions } from "./suggest.js";
import { post, tab } from "./wire.js";

startShell();
startActs();
startSuggestions();
startBox();
startPanel();
startRegions();
// As Slack does, so that the app shows what it has for whoever comes.
if (tab.isHome) void post("open-home");
