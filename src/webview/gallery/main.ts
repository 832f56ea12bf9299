import { mount } from 'svelte';
import type { GalleryApi, GalleryHostApi, GalleryState } from '../../protocol/gallery.ts';
import { connect, vscode } from '../rpc.ts';
import '../style.css';
import { registerToolkit } from '../ui/toolkit.ts';
import { Gallery, type GalleryView } from './gallery.svelte.ts';
import GalleryPage from './GalleryPage.svelte';

registerToolkit();
const gallery = new Gallery(() => host);
const host: GalleryHostApi = connect<GalleryHostApi, GalleryApi>(gallery);
const kept = vscode.getState() as { readonly view?: Partial<GalleryView> } | undefined;
Object.assign(gallery.view, kept?.view);
const keep = (state: GalleryState, view: GalleryView): void => vscode.setState({ ...state, view });
mount(GalleryPage, { target: document.body, props: { gallery, keep } });
void gallery.start();
