import { useState } from 'preact/hooks'
import type { Traffic as TrafficState, TrafficSample } from '../../../shared/ipc.js'
import { formats, t } from '../../text/language.js'
import { Choice } from '../base/choice.js'
import { Chart } from './chart.js'

const series = {
  messages: { in: (sample: TrafficSample) => sample.messagesIn, out: (sample: TrafficSample) => sample.messagesOut },
  bytes: { in: (sample: TrafficSample) => sample.bytesIn, out: (sample: TrafficSample) => sample.bytesOut }
}

/** What went in and out, in all and in the last minute. */
export function Traffic ({ traffic }: { readonly traffic: TrafficState }) {
  const [unit, setUnit] = useState<keyof typeof series>('messages')
  const { panel } = t.value
  const { number, bytes } = formats.value
  const write = unit === 'bytes' ? bytes : number
  const into = traffic.samples.map(series[unit].in)
  const out = traffic.samples.map(series[unit].out)
  const most = Math.max(...into, ...out, 1)
  return (
    <>
      <section class='traffic'>
        <h3>{panel.traffic}</h3>
        <Choice
          look='segments' label={panel.traffic} value={unit} onChange={setUnit}
          options={[{ value: 'messages', label: panel.chart.messages }, { value: 'bytes', label: panel.chart.bytes }]}
        />
        <Chart into={into} out={out} most={most} label={panel.chartLabel(panel.chart[unit], write(into.at(-1) ?? 0), write(out.at(-1) ?? 0), write(most))} mostText={write(most)} />
        <p class='chart-legend'>
          <span class='legend in'>{panel.chart.in} {write(into.at(-1) ?? 0)}</span>
          <span class='legend out'>{panel.chart.out} {write(out.at(-1) ?? 0)}</span>
          <span class='muted'>{panel.perSecond}</span>
        </p>
      </section>
      <dl class='totals'>
        <Total name={panel.messagesIn} value={number(traffic.messagesIn)} />
        <Total name={panel.bytesIn} value={bytes(traffic.bytesIn)} />
        <Total name={panel.messagesOut} value={number(traffic.messagesOut)} />
        <Total name={panel.bytesOut} value={bytes(traffic.bytesOut)} />
      </dl>
    </>
  )
}

function Total ({ name, value }: { readonly name: string, readonly value: string }) {
  return <div class='fact'><dt>{name}</dt><dd>{value}</dd></div>
}
