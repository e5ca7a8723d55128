// The command line for who runs TypeScript by name; `main.js` says why it is JavaScript itself.
import './main.js'
