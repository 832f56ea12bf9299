import type { PanelApi, PanelHostApi } from '../protocol/panel.ts';
import { mount } from 'svelte';
import App from './panels/App.svelte';
import { connect, keep, kept } from './rpc.ts';
import { Panel } from './state/panel.svelte.ts';
import { registerToolkit } from './ui/toolkit.ts';
import './style.css';

registerToolkit();
const panel = new Panel(keep);
panel.host = connect<PanelHostApi, PanelApi>(panel);
mount(App, { target: document.body, props: { panel } });
void panel.start(kept());
