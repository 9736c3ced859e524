// The record page. Without it the page still shows everything; with it a clerk works through a record by keyboard.

import { watchCommands } from "./commands.js";
import { watchDecision } from "./decide.js";
import { watchGrid } from "./grid.js";
import { watchKeys } from "./keys.js";
import { watchLines } from "./lines.js";
import { watchMarks } from "./marks.js";
import { watchPanels } from "./panels.js";
import { clicked, watchPicture } from "./picture.js";
import { watchPicks } from "./picks.js";
import { watchReasons } from "./settle.js";
import { watchValues } from "./values.js";
import { watchLock } from "./refresh.js";
import { openViewer, preload } from "./viewer.js";
import { goToFirst, watchWalk } from "./walk.js";

watchWalk();
watchLock();
watchLines();
watchPicks();
watchReasons();
watchValues();
watchGrid();
watchMarks();
watchPicture();
watchPanels();
watchDecision();
watchCommands();
watchKeys();
openViewer(clicked);
if (!location.hash) goToFirst();
preload();
